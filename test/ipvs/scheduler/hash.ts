import test from 'ava';
import {InputError} from '../../../src/problem.ts';
import {
  foldAddress,
  hash32,
  hsipHash,
  hsipHashOfNumber,
  sipHash,
} from '../../../src/ipvs/scheduler/hash.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({length}, (_, i) => i);
/** The bytes 0 to 15, as the vectors of the paper and of the kernel have it. */
const key = [0x0706050403020100n, 0x0f0e0d0c0b0a0908n] as const;

// Appendix A of the paper, and the first and a later one of the reference implementation's vectors.
const sipVector = test.macro({
  exec(t, length: number, expected: bigint) {
    t.is(sipHash(bytes(length), key, {compression: 2, finalization: 4}), expected);
  },
  title: (_, length) => `SipHash-2-4 of ${length} bytes is as published`,
});
test(sipVector, 0, 0x726fdb47dd0e0e31n);
test(sipVector, 8, 0x93f5f5799a932462n);
test(sipVector, 15, 0xa129ca6149be45e5n);

// The kernel's own vectors for 64-bit machines (lib/tests/siphash_kunit.c).
const hsipVector = test.macro({
  exec(t, length: number, expected: number) {
    t.is(hsipHash(bytes(length), key), expected);
  },
  title: (_, length) => `hsiphash of ${length} bytes is as the kernel's test says`,
});
test(hsipVector, 0, 0x050fc4dc);
test(hsipVector, 1, 0x7d57ca93);
test(hsipVector, 4, 0x88d38328);
test(hsipVector, 8, 0x8d299a8e);
test(hsipVector, 63, 0xb7bbb3a8);

test('a number is hashed as its four bytes in memory', t => {
  t.is(hsipHashOfNumber(0x03020100, key), 0x88d38328);
  t.is(hsipHashOfNumber(2 ** 32 + 0x03020100, key), 0x88d38328);
});

test('hash_32 multiplies by the golden ratio and takes the top bits', t => {
  t.is(hash32(1, 8), 0x61);
  t.is(hash32(1, 32), 0x61c88647);
  t.is(hash32(0xffffffff, 8), (0x100000000 - 0x61c88647) >>> 24);
});

test('IPv6 addresses are folded by XOR of their words, in an IPv4 service by the first word', t => {
  t.is(foldAddress('192.0.2.10', 'v4'), 0xc000020a);
  t.is(foldAddress('192.0.2.10', 'v6'), 0xc000020a);
  t.is(
    foldAddress('2001:db8:1:2:3:4:5:6', 'v6'),
    (0x20010db8 ^ 0x00010002 ^ 0x00030004 ^ 0x00050006) >>> 0,
  );
  t.is(foldAddress('ffff:ffff::1', 'v6'), 0xfffffffe);
  t.is(foldAddress('2001:db8:1:2:3:4:5:6', 'v4'), 0x20010db8);
  t.throws(() => foldAddress('client', 'v4'), {instanceOf: InputError});
});
