import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {createReadStream, existsSync, readdirSync, rmSync, statSync, utimesSync} from 'node:fs';
import {copyFile, mkdir} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {InputError} from '../../problem.ts';
import {releaseOfBzImage} from './bzimage.ts';
import {finishKernel} from './kernel-tree.ts';
import {modulesOfBuild, modulesOfInstalled, type ModuleFile} from './module-files.ts';
import {run} from './run.ts';
import {publish, readManifest} from './shelf.ts';
import type {Progress} from './types.ts';
import {inWorkshop} from './workshop.ts';

/** Folders of the user's own kernels among the cached ones: `own-HASH`. */
export const ownPrefix = 'own-';
/** Own kernels that are kept: a bisection makes a new one every few minutes. */
const kept = 4;

/** Whether a --kernel is a path: `./bzImage`, `../linux`, `/boot/vmlinuz-6.1`. A version has no slash. */
export const isKernelPath = (wanted: string): boolean =>
  wanted.includes('/') || wanted === '.' || wanted === '..';

/** A kernel of the user's, found: its bzImage and the modules that belong to it. */
export interface OwnKernel {
  readonly release: string;
  readonly vmlinuz: string;
  readonly files: readonly ModuleFile[];
  /** From a build tree: modules may hold debug information many times their size. */
  readonly built: boolean;
}

/**
 * Finds a bzImage or, in a build tree, arch/x86/boot/bzImage, and its modules: below `modules` (lib/modules/RELEASE), else
 * in the build tree, else installed on this machine. Throws InputError naming what is missing and where it was looked for.
 */
export function findOwnKernel(path: string, modules?: string): OwnKernel {
  const given = resolve(path);
  if (!existsSync(given))
    throw new InputError({
      what: 'there is no such kernel',
      where: '--kernel',
      value: path,
      next: 'give a bzImage or a build tree; a version such as 6.1 has no slash',
    });
  const isTree = statSync(given).isDirectory();
  const vmlinuz = isTree ? join(given, 'arch/x86/boot/bzImage') : given;
  if (!existsSync(vmlinuz))
    throw new InputError({
      what: 'the kernel build tree has no arch/x86/boot/bzImage',
      where: '--kernel',
      value: path,
      next: 'build it: make bzImage modules',
    });
  const release = releaseOfBzImage(vmlinuz);
  const tree = isTree ? given : /^(.*)\/arch\/x86(?:_64)?\/boot\/bzImage$/.exec(given)?.[1];
  if (modules === undefined && tree !== undefined)
    return {release, vmlinuz, files: modulesOfBuild(tree), built: true};
  const places = (modules === undefined ? ['/'] : [resolve(modules)]).flatMap(root => [
    join(root, 'lib/modules', release),
    join(root, 'usr/lib/modules', release),
  ]);
  const folder = places.find(place => existsSync(place));
  if (folder === undefined)
    throw new InputError({
      what: `the modules of kernel ${release} are not there`,
      where: modules === undefined ? '--kernel' : '--modules',
      value: modules ?? path,
      valid: places,
      next: 'make modules_install INSTALL_MOD_PATH=DIR, then --modules DIR; or give the build tree',
    });
  return {release, vmlinuz, files: modulesOfInstalled(folder), built: false};
}

/**
 * The folder on the shelf of a kernel of the user's, made ready to boot when it is not there. It is named by the content of
 * kernel and modules, so a rebuilt one is another. Throws InputError as findOwnKernel, and for a kernel that lacks what
 * every lab host needs.
 */
export async function obtainOwnKernel(
  {path, modules, shelf}: {path: string; modules?: string | undefined; shelf: string},
  progress: Progress,
): Promise<string> {
  const kernel = findOwnKernel(path, modules);
  const key = `${ownPrefix}${await hashOf(kernel)}`;
  const folder = join(shelf, key);
  if (readManifest(folder) === undefined)
    await inWorkshop(
      {name: `kernel ${path}`, parent: shelf, key: 'own', room: 500e6},
      progress,
      async work => {
        if (readManifest(folder) !== undefined) return; // another process made it while this one waited
        await make(kernel, path, work, folder, progress);
      },
    );
  const now = new Date();
  utimesSync(join(folder, 'manifest.json'), now, now);
  prune(shelf);
  return folder;
}

async function make(
  kernel: OwnKernel,
  path: string,
  work: string,
  folder: string,
  progress: Progress,
): Promise<void> {
  const {release, vmlinuz, files, built} = kernel;
  await checkVersion(kernel);
  const count = files.filter(({to}) => to.includes('.ko')).length;
  progress({step: `prepare kernel ${release} of ${path}`, why: `with its ${count} modules`});
  const tree = join(work, 'tree');
  const product = join(work, 'product');
  const target = join(tree, 'lib', 'modules', release);
  await mkdir(target, {recursive: true});
  await mkdir(product);
  const folders = new Set(files.map(({to}) => dirname(join(target, to))));
  for (const one of folders) await mkdir(one, {recursive: true});
  for (const {from, to} of files) await copyFile(from, join(target, to));
  if (built && count > 0) await strip(target);
  await copyFile(vmlinuz, join(product, 'vmlinuz'));
  await finishKernel(release, tree, product);
  await publish(product, folder, {release, from: resolve(path)});
}

/** As INSTALL_MOD_STRIP=1 does; where binutils are missing, the disk is larger. */
const strip = (folder: string): Promise<unknown> =>
  run(['find', folder, '-name', '*.ko', '-exec', 'strip', '--strip-debug', '{}', '+']).catch(
    () => undefined,
  );

/** A kernel loads only modules of its own release: others would be found out in the guest, by what does not work. */
async function checkVersion({release, files, vmlinuz}: OwnKernel): Promise<void> {
  const first = files.find(({to}) => to.includes('/ip_vs.ko')) ?? files[0];
  if (first === undefined || !first.to.includes('.ko')) return;
  const magic = (await run(['modinfo', '-F', 'vermagic', first.from])).trim();
  if (magic.split(' ')[0] === release) return;
  throw new InputError({
    what: `the modules are of another kernel than the bzImage, which is ${release}`,
    where: first.from,
    value: magic,
    next: `build both (make bzImage modules), or give the modules of ${vmlinuz} with --modules`,
  });
}

async function hashOf({vmlinuz, files}: OwnKernel): Promise<string> {
  const hash = createHash('sha256');
  for (const {from, to} of [
    {from: vmlinuz, to: 'vmlinuz'},
    ...files.toSorted((a, b) => (a.to < b.to ? -1 : 1)),
  ]) {
    hash.update(`\0${to} ${statSync(from).size}\0`);
    const stream = createReadStream(from, {highWaterMark: 1_048_576});
    stream.on('data', chunk => hash.update(chunk));
    await once(stream, 'close');
  }
  return hash.digest('hex').slice(0, 12);
}

/** Removes the own kernels that were used longest ago. A guest that runs one has its files open. */
function prune(shelf: string): void {
  const used = (name: string): number =>
    statSync(join(shelf, name, 'manifest.json'), {throwIfNoEntry: false})?.mtimeMs ?? 0;
  for (const name of readdirSync(shelf)
    .filter(one => one.startsWith(ownPrefix))
    .toSorted((a, b) => used(b) - used(a))
    .slice(kept))
    rmSync(join(shelf, name), {recursive: true, force: true});
}
