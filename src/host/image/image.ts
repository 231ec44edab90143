import {basename} from 'node:path';
import {obtainDisk} from './disk.ts';
import {obtainKernel} from './kernel.ts';
import {defaultKernel, seriesOf} from './kernel-table.ts';
import {diskId, imageHash, nodeImage} from './recipe.ts';
import type {GuestImage, Progress} from './types.ts';

export interface ImageOptions {
  /** A kernel series (`6.1`, the default) or release (`6.1.0-56`). */
  readonly kernel?: string | undefined;
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
  seriesOf(wanted); // A mistyped kernel must not start the building of a disk.
  const [kernel, disk] = await Promise.all([obtainKernel(wanted, progress), obtainDisk(progress)]);
  const id = imageHash(kernel.release, basename(kernel.initrd), diskId);
  return {id, kernel, disk, nodeImage};
}
