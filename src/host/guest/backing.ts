import {closeSync, openSync, readSync} from 'node:fs';

/** `QFI\xfb` (QEMU, docs/interop/qcow2). */
const magic = 0x514649fb;

/**
 * The path of the file that a qcow2 overlay lies on: its length is at byte 16 of the header, its place at byte 8.
 * Undefined when the file is none, or lies on nothing.
 */
export function backingOf(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(20);
    if (readSync(file, header, 0, 20, 0) < 20 || header.readUInt32BE(0) !== magic) return undefined;
    const name = Buffer.alloc(Math.min(header.readUInt32BE(16), 1023));
    if (name.length === 0) return undefined;
    readSync(file, name, 0, name.length, Number(header.readBigUInt64BE(8)));
    return name.toString('utf8');
  } finally {
    closeSync(file);
  }
}
