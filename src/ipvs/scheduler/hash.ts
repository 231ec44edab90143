import {InputError} from '../../problem.ts';
import {parseAddress} from '../../topology/ip.ts';
import type {Family} from '../../topology/types.ts';

const mask64 = (1n << 64n) - 1n;

/** The constants that SipHash's state begins with ("somepseudorandomlygeneratedbytes"). */
const initial = [
  0x736f6d6570736575n,
  0x646f72616e646f6dn,
  0x6c7967656e657261n,
  0x7465646279746573n,
] as const;

/** Two 64-bit halves, each little-endian in the key's 16 bytes. */
export type SipKey = readonly [bigint, bigint];

/**
 * SipHash-c-d of a message, 64 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): `compression`
 * rounds for each word, `finalization` rounds at the end.
 */
export function sipHash(
  message: Uint8Array,
  [k0, k1]: SipKey,
  {compression, finalization}: {readonly compression: number; readonly finalization: number},
): bigint {
  let [a, b, c, d] = [k0 ^ initial[0], k1 ^ initial[1], k0 ^ initial[2], k1 ^ initial[3]];
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      a = (a + b) & mask64;
      b = rotate(b, 13n) ^ a;
      a = rotate(a, 32n);
      c = (c + d) & mask64;
      d = rotate(d, 16n) ^ c;
      a = (a + d) & mask64;
      d = rotate(d, 21n) ^ a;
      c = (c + b) & mask64;
      b = rotate(b, 17n) ^ c;
      c = rotate(c, 32n);
    }
  };
  for (const word of wordsOf(message)) {
    d ^= word;
    rounds(compression);
    a ^= word;
  }
  c ^= 0xffn;
  rounds(finalization);
  return a ^ b ^ c ^ d;
}

/** The message in little-endian 64-bit words; the last one has the length in its top byte. */
function wordsOf(message: Uint8Array): readonly bigint[] {
  const padded = new Uint8Array(Math.floor(message.length / 8) * 8 + 8);
  padded.set(message);
  padded[padded.length - 1] = message.length;
  const view = new DataView(padded.buffer);
  return Array.from({length: padded.length / 8}, (_, i) => view.getBigUint64(i * 8, true));
}

const rotate = (word: bigint, bits: bigint): bigint =>
  ((word << bits) | (word >> (64n - bits))) & mask64;

/**
 * The kernel's hsiphash of bytes on 64-bit machines: the low half of SipHash-1-3 (lib/siphash.c). 32-bit kernels use
 * HalfSipHash, which differs.
 */
export const hsipHash = (message: Uint8Array, key: SipKey): number =>
  Number(sipHash(message, key, {compression: 1, finalization: 3}) & 0xffffffffn);

/** hsiphash of a 32-bit number in memory, on a little-endian machine. */
export function hsipHashOfNumber(value: number, key: SipKey): number {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return hsipHash(bytes, key);
}

/** The kernel's hash_32: multiplication by 2^32 over the golden ratio squared, top `bits` bits (include/linux/hash.h). */
export const hash32 = (value: number, bits: number): number =>
  (Math.imul(value, 0x61c88647) >>> 0) >>> (32 - bits);

/**
 * An address as the hashing schedulers take it: 32 bits, those of IPv6 its four words XORed. The family is the
 * service's: of an IPv6 real server in an IPv4 service only the first word counts. Throws InputError for what is no
 * address.
 */
export function foldAddress(text: string, family: Family): number {
  const address = parseAddress(text);
  if (address === undefined)
    throw new InputError({
      what: 'not an address',
      value: text,
      next: 'write an IPv4 or IPv6 address',
    });
  const wide = address.family === 'v4' ? address.value << 96n : address.value;
  const words = [96n, 64n, 32n, 0n].map(shift => Number((wide >> shift) & 0xffffffffn));
  return (
    (family === 'v4' ? (words[0] ?? 0) : words.reduce((folded, word) => folded ^ word, 0)) >>> 0
  );
}
