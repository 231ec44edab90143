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
  pickRelease,
  seriesOf,
} from './kernel-table.ts';
import type {KernelSeries} from './kernel-table.ts';
import {unpackKernel} from './kernel-tree.ts';
import {findMirrors, sourceLine} from './mirrors.ts';
import {publish, readManifest} from './shelf.ts';
import type {GuestKernel, Progress} from './types.ts';
import {inMegabytes, inWorkshop} from './workshop.ts';

/** Where kernels are kept, a folder for each release. */
export const kernelsFolder = (): string => join(cacheFolder(), 'kernels');

/** Releases in the cache that are whole, oldest first. */
export function cachedKernels(): readonly string[] {
  const folder = kernelsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => readManifest(join(folder, name)) !== undefined)
    .toSorted(compareReleases);
}

/**
 * A kernel ready to boot: the newest cached release of the series (`6.1`) or the very release (`6.1.0-56`), else
 * downloaded from Debian, signed. A cached kernel is never replaced behind the user's back by a newer one.
 * Throws InputError for an unknown one, BrokenLabError when it cannot be had.
 */
export async function obtainKernel(wanted: string, progress: Progress): Promise<GuestKernel> {
  const series = seriesOf(wanted);
  const release = findCached(wanted) ?? (await download(wanted, series, progress));
  const folder = join(kernelsFolder(), release);
  return {
    release,
    vmlinuz: join(folder, 'vmlinuz'),
    modules: join(folder, 'modules.ext4'),
    initrd: await makeInitrd(folder),
  };
}

const findCached = (wanted: string): string | undefined =>
  cachedKernels().findLast(release => isOfKernel(release, wanted));

async function download(
  wanted: string,
  {series, suites}: KernelSeries,
  progress: Progress,
): Promise<string> {
  const job = {name: `kernel ${wanted}`, parent: kernelsFolder(), key: series, room: 500e6};
  return inWorkshop(job, progress, async work => {
    const madeMeanwhile = findCached(wanted);
    if (madeMeanwhile !== undefined) return madeMeanwhile;

    progress({step: `look up kernel ${wanted}`, why: `in ${suites.join(' and ')} of Debian`});
    const mirrors = await findMirrors();
    const sources = suites.map(suite => sourceLine(mirrors, suite));
    const apt = await openAptTree(join(work, 'apt'), sources);
    const {release, packages} = pickRelease(await apt.search(packagePattern(series)), wanted);

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
    await publish(product, join(kernelsFolder(), release), {series, packages: packages.join(' ')});
    return release;
  });
}
