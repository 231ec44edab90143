import {existsSync, readdirSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {cacheFolder} from '../../own/places.ts';
import {openAptTree} from './apt-tree.ts';
import {makeInitrd} from './initrd.ts';
import {
  compareReleases,
  isOfKernel,
  packagePattern,
  parseWanted,
  pickRelease,
} from './kernel-table.ts';
import type {WantedKernel} from './kernel-table.ts';
import {unpackKernel} from './kernel-tree.ts';
import {findMirrors, sourceLine} from './mirrors.ts';
import {findOwnKernel, isKernelPath, obtainOwnKernel, ownPrefix} from './own-kernel.ts';
import {publish, readManifest} from './shelf.ts';
import type {GuestKernel, Progress} from './types.ts';
import {inMegabytes, inWorkshop} from './workshop.ts';

/** Where kernels are kept, a folder for each release of Debian's and for each kernel of the user's. */
export const kernelsFolder = (): string => join(cacheFolder(), 'kernels');

/** Releases of Debian's in the cache that are whole, oldest first. */
export function cachedKernels(): readonly string[] {
  const folder = kernelsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => !name.startsWith(ownPrefix))
    .filter(name => readManifest(join(folder, name)) !== undefined)
    .toSorted(compareReleases);
}

/** Throws InputError for a kernel that cannot be meant, or a path without a kernel and its modules; asks nobody. */
export function checkKernel(wanted: string, modules?: string): void {
  if (isKernelPath(wanted)) findOwnKernel(wanted, modules);
  else parseWanted(wanted);
}

/** Whether a running kernel is the wanted one, as far as its release tells. Throws InputError as checkKernel. */
export const isKernel = (release: string, wanted: string, modules?: string): boolean =>
  isKernelPath(wanted)
    ? findOwnKernel(wanted, modules).release === release
    : isOfKernel(release, parseWanted(wanted).version);

/**
 * A kernel ready to boot: the newest cached release of the series (`6.1`) or the very release (`6.1.0-56`), else
 * downloaded from Debian, signed; or the user's own (`./bzImage`, a build tree), with the modules in the tree `modules`
 * where they are not in the build tree. A cached kernel is never replaced behind the user's back by a newer one.
 * Throws InputError for an unknown one, BrokenLabError when it cannot be had.
 */
export async function obtainKernel(
  wanted: string,
  progress: Progress,
  modules?: string,
): Promise<GuestKernel> {
  const folder = isKernelPath(wanted)
    ? await obtainOwnKernel({path: wanted, modules, shelf: kernelsFolder()}, progress)
    : await obtainDebian(wanted, progress);
  return {
    release: readManifest(folder)?.facts['release'] ?? folder.slice(folder.lastIndexOf('/') + 1),
    vmlinuz: join(folder, 'vmlinuz'),
    modules: join(folder, 'modules.ext4'),
    initrd: await makeInitrd(folder),
  };
}

async function obtainDebian(wanted: string, progress: Progress): Promise<string> {
  const kernel = parseWanted(wanted);
  const release = findCached(kernel.version) ?? (await download(kernel, 'any', progress)).release;
  return join(kernelsFolder(), release);
}

/** What a pull did. */
export interface Pulled {
  readonly release: string;
  /** It was there before. */
  readonly already: boolean;
}

/** Gets the newest release that Debian has of what is wanted, beside those that are there. Throws as obtainKernel. */
export const pullKernel = (wanted: string, progress: Progress): Promise<Pulled> =>
  download(parseWanted(wanted), 'newest', progress);

const findCached = (wanted: string): string | undefined =>
  cachedKernels().findLast(release => isOfKernel(release, wanted));

async function download(
  {series, suites, version}: WantedKernel,
  which: 'any' | 'newest',
  progress: Progress,
): Promise<Pulled> {
  const job = {name: `kernel ${version}`, parent: kernelsFolder(), key: series, room: 500e6};
  return inWorkshop(job, progress, async work => {
    const madeMeanwhile = which === 'any' ? findCached(version) : undefined;
    if (madeMeanwhile !== undefined) return {release: madeMeanwhile, already: true};

    progress({step: `look up kernel ${version}`, why: `in ${suites.join(' and ')} of Debian`});
    const mirrors = await findMirrors();
    const sources = suites.map(suite => sourceLine(mirrors, suite));
    const apt = await openAptTree(join(work, 'apt'), sources);
    const {release, packages} = pickRelease(await apt.search(packagePattern), version);
    if (cachedKernels().includes(release)) return {release, already: true};

    const size = inMegabytes(await apt.size(packages));
    progress({step: `download kernel ${release}`, why: 'its IPVS is what the labs test', size});
    const downloads = join(work, 'packages');
    await mkdir(downloads);
    await apt.download(packages, downloads);

    progress({step: `unpack kernel ${release}`, why: 'its modules become a disk of their own'});
    const product = join(work, 'product');
    await mkdir(product);
    const files = readdirSync(downloads).map(name => join(downloads, name));
    await unpackKernel(release, files, join(work, 'tree'), product);
    const facts = {series, packages: packages.join(' ')};
    await publish(product, join(kernelsFolder(), release), facts);
    return {release, already: false};
  });
}
