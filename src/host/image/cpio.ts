/** A file or folder of a cpio archive. */
export interface CpioEntry {
  /** Path without a leading slash; a folder comes before what is in it. */
  readonly path: string;
  /** File type and permissions, stat(2): 0o100755 is an executable file, 0o040755 a folder. */
  readonly mode: number;
  readonly content?: Uint8Array;
}

/** A folder of everybody's to read. */
export const folderEntry = (path: string): CpioEntry => ({path, mode: 0o040755});

/** An executable file of root's. */
export const fileEntry = (path: string, content: Uint8Array): CpioEntry => ({
  path,
  mode: 0o100755,
  content,
});

/**
 * A cpio archive in the `newc` format, which the kernel unpacks as initramfs, owned by root and with no times in it.
 * Archives may be put one behind the other (kernel, Documentation/driver-api/early-userspace/buffer-format.rst).
 */
export function packCpio(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.map((entry, i) => packEntry(entry, i + 1));
  return Buffer.concat([...parts, packEntry({path: 'TRAILER!!!', mode: 0}, 0)]);
}

function packEntry({path, mode, content = new Uint8Array()}: CpioEntry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const [owner, group, time, device, check] = [0, 0, 0, 0, 0];
  const fields = [
    inode,
    mode,
    owner,
    group,
    1,
    time,
    content.length,
    device,
    device,
    device,
    device,
    name.length,
    check,
  ];
  const header = fields.map(field => field.toString(16).padStart(8, '0')).join('');
  return Buffer.concat([
    padded(Buffer.concat([Buffer.from(`070701${header}`), name])),
    padded(content),
  ]);
}

const padded = (bytes: Uint8Array): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
