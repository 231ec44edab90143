/** Big-endian reads and writes; a read beyond the end gives zeros, so callers check lengths first. */

export const nothing = new Uint8Array(0);

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function u32(bytes: Uint8Array, at: number): number {
  return ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0;
}

export function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function setU32(bytes: Uint8Array, at: number, value: number): void {
  setU16(bytes, at, value >>> 16);
  setU16(bytes, at + 2, value);
}

/** A view of `length` bytes, always a plain Uint8Array: a Buffer's own subarray would be a Buffer. */
export function view(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return length === 0 ? nothing : new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `0x0800`: how EtherTypes are written. */
export function hex16(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}
