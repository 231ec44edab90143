import {mix} from './hash-index.ts';

/** A 32-bit hash of the bytes from `from` up to `to`, continuing the hash `start`. */
export function hashBytes(data: DataView, from: number, to: number, start: number): number {
  let hash = start;
  let at = from;
  for (; at + 4 <= to; at += 4) hash = mix(hash, data.getInt32(at, true));
  for (; at < to; at++) hash = mix(hash, data.getUint8(at));
  return hash;
}

/** Whether two buffers hold the same `length` bytes at `aFrom` and `bFrom`. */
export function sameBytes(
  a: DataView,
  aFrom: number,
  b: DataView,
  bFrom: number,
  length: number,
): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4)
    if (a.getInt32(aFrom + i, true) !== b.getInt32(bFrom + i, true)) return false;
  for (; i < length; i++) if (a.getUint8(aFrom + i) !== b.getUint8(bFrom + i)) return false;
  return true;
}
