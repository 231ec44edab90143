import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {cacheFolder} from '../../own/places.ts';
import {findMirrors} from './mirrors.ts';
import * as recipe from './recipe.ts';
import {makeRoot} from './root-tree.ts';
import {checkNamespaces, contained, run} from './run.ts';
import {publish, readManifest} from './shelf.ts';
import type {Progress} from './types.ts';
import {inWorkshop} from './workshop.ts';

/** Where disks are kept, a folder for each recipe. */
export const disksFolder = (): string => join(cacheFolder(), 'disks');

const folder = (): string => join(disksFolder(), recipe.diskId);

/** The disk of this recipe when it is in the cache and whole. */
export const cachedDisk = (): string | undefined =>
  readManifest(folder()) === undefined ? undefined : join(folder(), 'root.ext4');

/**
 * The guest's root disk: Debian with a Docker engine, and the node image already imported, which takes seconds here and a
 * minute in an emulated guest. From the cache, else built. Throws BrokenLabError when it cannot be.
 */
export async function obtainDisk(progress: Progress): Promise<string> {
  return cachedDisk() ?? (await build(progress));
}

async function build(progress: Progress): Promise<string> {
  const job = {
    name: 'the disk of the lab host',
    parent: disksFolder(),
    key: recipe.diskId,
    room: 3e9,
  };
  return inWorkshop(job, progress, async work => {
    const madeMeanwhile = cachedDisk();
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    await checkNamespaces();
    const mirrors = await findMirrors();
    const [guestTar, nodeTar] = await Promise.all(
      [recipe.guestRoot, recipe.nodeRoot].map(root => {
        const size = `about ${root === recipe.guestRoot ? 100 : 60} MB`;
        progress({step: `download the ${root.name} root`, why: root.why, size});
        return makeRoot(root, mirrors, work);
      }),
    );
    const root = join(work, 'root');
    const product = join(work, 'product');
    await mkdir(root);
    await mkdir(product);

    progress({
      step: 'import the node image',
      why: "the engine's own copy, so that no guest has to",
    });
    await run(contained(['tar', '-xpf', `${guestTar}`, '--numeric-owner', '-C', root]));
    await importNodeImage(root, `${nodeTar}`);

    progress({step: 'make the disk', why: 'the guest boots from it', size: '600 MB of 4 GB used'});
    await makeDisk(root, join(product, 'root.ext4'));
    await publish(product, folder(), {suite: recipe.SUITE, nodeImage: recipe.nodeImage});
    return join(folder(), 'root.ext4');
  });
}

async function importNodeImage(root: string, tar: string): Promise<void> {
  const client = [
    process.execPath,
    `--import=${import.meta.resolve('tsx')}`,
    recipe.importClient,
    tar,
    recipe.nodeImage,
  ];
  await run(
    contained(['sh', recipe.importScript, root, ...client], ['--net', '--cgroup', '--mount-proc']),
  );
  // The engine's sockets, pids and locks of this run.
  await run(contained(['find', join(root, 'run'), '-mindepth', '1', '-delete']));
}

async function makeDisk(root: string, image: string): Promise<void> {
  await run(
    contained([
      'mkfs.ext4',
      '-q',
      '-F',
      '-m',
      '0',
      '-L',
      'lvslab',
      // Without a journal: a guest's writes go to an overlay that is thrown away. Tables are zeroed now (in holes), as
      // the guest's kernel would otherwise write them into every overlay.
      '-O',
      '^has_journal',
      '-E',
      'lazy_itable_init=0,nodiscard',
      '-d',
      root,
      image,
      `${recipe.DISK_BYTES / 1024}K`,
    ]),
  );
}
