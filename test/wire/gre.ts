import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {decodeRaw, header, hex, ip4, kinds, outer4, tcp, text, whole} from './support/frames.ts';

const carrier = {...outer4, protocol: 47};
const keyed = '2000 0800 00000007';

test('the flags C, K and S bring their fields in this order', t => {
  const gre = {kind: 'gre', checksum: 0xabcd, key: 0x01020304, sequence: 0x05060708} as const;
  const bytes = build([outer4, gre, ip4, tcp]);
  t.is(text(bytes.subarray(20, 36)), 'b0000800abcd00000102030405060708');
});

test('a key alone stands behind the first four bytes', t => {
  const packet = decodeRaw([{...carrier}], Uint8Array.from([...hex(keyed), ...build([ip4, tcp])]));
  t.is(kinds(packet), 'ipv4 gre ipv4 tcp');
  t.deepEqual(header(packet, 'gre'), {
    kind: 'gre',
    offset: 20,
    length: 8,
    etherType: 0x0800,
    version: 0,
    hasChecksum: false,
    key: 7,
    checksum: 'none',
  });
});

test('a wrong byte in what is carried makes the checksum bad', t => {
  const bytes = build([outer4, {kind: 'gre', hasChecksum: true}, ip4, tcp], hex('aabb'));
  t.is(header(decode(whole(bytes, 'raw')), 'gre').checksum, 'good');
  bytes[bytes.length - 1] = 0;
  t.is(header(decode(whole(bytes, 'raw')), 'gre').checksum, 'bad');
});

const stops = test.macro((t, gre: string, found: string, reason: string) => {
  const packet = decodeRaw([carrier], hex(gre));
  t.is(kinds(packet), found);
  t.is(packet.stop?.reason, reason);
});

test('PPTP is told', stops, '3001 880b 00000000', 'ipv4 gre', 'GRE version 1 is not decoded');
test(
  'routes are told',
  stops,
  '4000 0800 00000000',
  'ipv4 gre',
  'GRE source routes are not decoded',
);
test(
  'an unknown protocol is told',
  stops,
  '0000 8847',
  'ipv4 gre',
  'GRE protocol 0x8847 is not decoded',
);
test(
  'missing fields are told',
  stops,
  'b000 0800 00000000',
  'ipv4',
  'gre header needs 16 bytes, 8 are there',
);
