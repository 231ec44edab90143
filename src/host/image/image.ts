import {basename, dirname} from 'node:path';
import {obtainDisk} from './disk.ts';
import {checkKernel, obtainKernel} from './kernel.ts';
import {defaultKernel} from './kernel-table.ts';
import {diskId, imageHash, nodeImage} from './recipe.ts';
import type {GuestImage, Progress} from './types.ts';

export interface ImageOptions {
  /** A kernel series (`6.1`, the default), release (`6.1.0-56`) or path of one's own (`./bzImage`, `./linux`). */
  readonly kernel?: string | undefined;
  /** For a kernel of one's own: the tree that has its lib/modules/RELEASE. */
  readonly modules?: string | undefined;
}

/**
 * The image of a lab host with the wanted kernel: from the cache within milliseconds and without network, else built,
 * which takes a minute or two. Throws InputError for an unknown kernel, BrokenLabError when it cannot be built.
 */
export async function obtainImage(
  options: ImageOptions = {},
  progress: Progress = () => {},
): Promise<GuestImage> {
  const wanted = options.kernel ?? defaultKernel;
  checkKernel(wanted, options.modules); // A mistyped kernel must not start the building of a disk.
  const [kernel, disk] = await Promise.all([
    obtainKernel(wanted, progress, options.modules),
    obtainDisk(progress),
  ]);
  const id = imageHash(basename(dirname(kernel.vmlinuz)), basename(kernel.initrd), diskId);
  return {id, kernel, disk, nodeImage};
}
