import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {readFile, rename, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {execa} from 'execa';
import {BrokenLabError, InputError} from '../../problem.ts';
import {fileEntry, folderEntry, packCpio} from './cpio.ts';
import {run} from './run.ts';

const BOOT_ARCHIVE = 'boot.cpio';
const init = fileURLToPath(new URL('initrd-init.sh', import.meta.url));
const inside = fileURLToPath(new URL('../guest/inside', import.meta.url));

/**
 * Writes `boot.cpio` of a kernel: busybox and the modules that the guest's disks need, numbered in the order of loading.
 * `tree` has lib/modules/RELEASE with the lists that depmod makes.
 */
export async function packBootModules(
  tree: string,
  release: string,
  product: string,
): Promise<void> {
  const paths = new Set<string>();
  for (const module of ['virtio_pci', 'virtio_blk', 'ext4'])
    for (const path of parseDependencies(await dependencies(tree, release, module)))
      paths.add(path);
  const modules = await Promise.all(
    [...paths].map(async (path, i) =>
      fileEntry(
        `modules/${String(i).padStart(2, '0')}-${basename(path).replace(/\.(xz|gz|zst)$/, '')}`,
        await decompressed(path),
      ),
    ),
  );
  const folders = ['bin', 'dev', 'proc', 'root', 'modules'].map(folderEntry);
  const busybox = fileEntry('bin/busybox', await readFile('/bin/busybox'));
  await writeFile(join(product, BOOT_ARCHIVE), packCpio([...folders, busybox, ...modules]));
}

async function dependencies(tree: string, release: string, module: string): Promise<string> {
  try {
    return await run(['modprobe', '-d', tree, '-S', release, '--show-depends', module]);
  } catch (error) {
    throw new InputError(
      {
        what: `kernel ${release} cannot be a lab host's: it has no ${module}, built in or as a module`,
        where: '--kernel',
        next: 'build it with CONFIG_VIRTIO_PCI, CONFIG_VIRTIO_BLK and CONFIG_EXT4_FS; docs/kernels.md lists all',
      },
      error,
    );
  }
}

/** Paths in the output of modprobe(8) --show-depends, dependencies first; `builtin` lines need no file. */
export const parseDependencies = (text: string): readonly string[] =>
  text.split('\n').flatMap(line => /^insmod (?<path>\S+)/.exec(line)?.groups?.['path'] ?? []);

// busybox knows xz on every machine, xz itself may not be installed; the guest's busybox insmod wants plain files.
async function decompressed(path: string): Promise<Uint8Array> {
  if (path.endsWith('.gz')) return gunzipSync(await readFile(path));
  if (!/\.(xz|zst)$/.test(path)) return readFile(path);
  const [program, ...args] = path.endsWith('.xz') ? ['/bin/busybox', 'xzcat'] : ['zstd', '-dcq'];
  const {stdout} = await execa(program, [...args, path], {encoding: 'buffer'});
  return stdout;
}

/** What lvslab adds to every kernel's modules: the files of src/host/guest/inside as /lvslab, and what starts them. */
function ownFiles(): Buffer {
  const names = readdirSync(inside).toSorted();
  if (!names.includes('init'))
    throw new BrokenLabError({
      what: 'the guest has no init script',
      where: inside,
      next: 'restore src/host/guest/inside from the repository',
    });
  return packCpio([
    fileEntry('init', readFileSync(init)),
    folderEntry('lvslab'),
    ...names.map(name => fileEntry(`lvslab/${name}`, readFileSync(join(inside, name)))),
  ]);
}

const nameOf = (own: Buffer): string =>
  `initrd-${createHash('sha256').update(own).digest('hex').slice(0, 12)}`;

/** The name of the initrds that are in use now: others are of other versions of lvslab. */
export const initrdName = (): string => nameOf(ownFiles());

/**
 * The initrd of a cached kernel with lvslab's own files: named by a hash of them, so that a changed one makes a new
 * initrd, in milliseconds, and leaves the old one to guests that were started with it.
 */
export async function makeInitrd(kernelFolder: string): Promise<string> {
  const own = ownFiles();
  const file = join(kernelFolder, nameOf(own));
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}`;
  await writeFile(part, Buffer.concat([await readFile(join(kernelFolder, BOOT_ARCHIVE)), own]), {
    flush: true,
  });
  await rename(part, file);
  return file;
}
