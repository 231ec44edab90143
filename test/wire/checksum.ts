import test from 'ava';
import {adjust, complement, fold, sum, verify} from '../../src/wire/checksum.ts';
import {hex, seeded} from './support/frames.ts';

test('the example of RFC 1071 sums to ddf2', t => {
  const bytes = hex('0001 f203 f4f5 f6f7');
  t.is(fold(sum(bytes, 0, 8)), 0xddf2);
  t.is(complement(sum(bytes, 0, 8)), 0x220d);
});

test('an odd last byte is padded on the right', t => {
  t.is(sum(hex('0102 03ff'), 0, 3), 0x0102 + 0x0300);
});

test('large packets do not overflow', t => {
  const bytes = new Uint8Array(262_144).fill(0xff);
  t.is(fold(sum(bytes, 0, bytes.length)), 0xffff);
});

test('verify accepts the right field only', t => {
  const data = sum(hex('0001 f203 f4f5 f6f7'), 0, 8);
  t.is(verify(data + 0x220d), 'good');
  t.is(verify(data + 0x220e), 'bad');
});

test('a field adjusted for one word is the one computed anew (RFC 1624)', t => {
  const random = seeded(3);
  for (let i = 0; i < 5_000; i++) {
    const [rest, before, after] = [1 + random(65535), random(65536), random(65536)];
    t.is(adjust(complement(rest + before), before, after), complement(rest + after));
  }
});

test('the example of RFC 1624: dd2f with 5555 changed to 3285 becomes 0000', t => {
  t.is(adjust(0xdd2f, 0x5555, 0x3285), 0);
});
