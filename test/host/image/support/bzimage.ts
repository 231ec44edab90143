/** The start of a bzImage with this version string (kernel, Documentation/arch/x86/boot.rst). */
export function bzImage(version: string, pointer = 0x3000): Buffer {
  const bytes = Buffer.alloc(0x4000, 0x90);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(pointer, 0x20e);
  if (pointer > 0) bytes.write(`${version}\0`, pointer + 0x200, 'latin1');
  return bytes;
}
