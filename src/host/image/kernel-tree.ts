import {existsSync} from 'node:fs';
import {copyFile, mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {BrokenLabError} from '../../problem.ts';
import {packBootModules} from './initrd.ts';
import {run} from './run.ts';

/**
 * Unpacks a kernel's Debian packages into `tree` and writes vmlinuz, modules.ext4 and boot.cpio into `product`.
 * Throws BrokenLabError when the packages do not hold a kernel where Debian puts it.
 */
export async function unpackKernel(
  release: string,
  packages: readonly string[],
  tree: string,
  product: string,
): Promise<void> {
  await mkdir(join(tree, 'lib', 'modules'), {recursive: true});
  for (const file of packages) await run(['dpkg-deb', '-x', file, tree]);
  const modules = join(tree, 'lib', 'modules', release);
  // The split packages of 7.x have the modules, and the kernel among them, under /usr.
  if (!existsSync(modules)) await rename(join(tree, 'usr', 'lib', 'modules', release), modules);
  const places = [join(tree, 'boot', `vmlinuz-${release}`), join(modules, 'vmlinuz')];
  const vmlinuz = places.find(place => existsSync(place));
  if (vmlinuz === undefined)
    throw new BrokenLabError({
      what: `the Debian packages of kernel ${release} hold no kernel where one was expected`,
      where: packages.join(', '),
      valid: places.map(place => place.slice(tree.length)),
    });
  await copyFile(vmlinuz, join(product, 'vmlinuz'));
  await rm(vmlinuz);
  await finishKernel(release, tree, product);
}

/** Writes modules.ext4 and boot.cpio of a kernel into `product`; `tree` has lib/modules/RELEASE. */
export async function finishKernel(release: string, tree: string, product: string): Promise<void> {
  await run(['depmod', '-b', tree, release]);
  await packBootModules(tree, release, product);
  await makeModulesDisk(join(tree, 'lib', 'modules'), join(product, 'modules.ext4'));
}

async function makeModulesDisk(folder: string, image: string): Promise<void> {
  const [kilobytes] = (await run(['du', '-sk', folder])).split('\t');
  const size = `${Math.ceil(Number(kilobytes) * 1.15) + 8192}K`;
  const options = ['-q', '-F', '-m', '0', '-O', '^has_journal', '-L', 'modules'];
  await run(['mkfs.ext4', ...options, '-d', folder, image, size]);
}
