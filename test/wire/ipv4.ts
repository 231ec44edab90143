import test from 'ava';
import type {Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {decodeRaw, eth, header, hex, ip4, kinds, tcp, text, udp, whole} from './support/frames.ts';
import {build} from '../../src/wire/build.ts';

/** The header that textbooks compute: checksum b861. */
const known = '4500 0073 0000 4000 4011 b861 c0a80001 c0a800c7';

test('the known header of a textbook is read', t => {
  t.like(decode(whole(hex(known), 'raw')).headers[0], {
    kind: 'ipv4',
    source: '192.168.0.1',
    destination: '192.168.0.199',
    protocol: 17,
    ttl: 64,
    dontFragment: true,
    moreFragments: false,
    totalLength: 0x73,
    checksum: 'good',
  });
});

test('one wrong bit makes the checksum bad', t => {
  for (let bit = 0; bit < 160; bit++) {
    const bytes = hex(known);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const ip = decode(whole(bytes, 'raw')).headers[0];
    if (ip !== undefined) t.like(ip, {checksum: 'bad'}, `bit ${bit}`);
    else t.true(bit < 8, `bit ${bit}`);
  }
});

test('options are given as they stand', t => {
  const options = hex('94040000 0101 0000');
  const packet = decodeRaw([{...ip4, options}, tcp]);
  t.is(text(header(packet, 'ipv4').options), '9404000001010000');
  t.is(header(packet, 'ipv4').length, 28);
  t.is(header(packet, 'tcp').offset, 28);
});

const stops = test.macro((t, layers: readonly Layer[], found: string, reason: string) => {
  const packet = decodeRaw(layers, new Uint8Array(16));
  t.is(kinds(packet), found);
  t.is(packet.stop?.reason, reason);
});

test(
  'a total length below the header is told',
  stops,
  [{...ip4, totalLength: 0}, tcp],
  'ipv4',
  "ipv4 total length 0 is below its header's 20",
);
test(
  'an unknown protocol is told',
  stops,
  [{...ip4, protocol: 89}],
  'ipv4',
  'IP protocol 89 is not decoded',
);
test(
  'a later fragment has no transport header',
  stops,
  [{...ip4, protocol: 6, fragmentOffset: 64}],
  'ipv4',
  'fragment at byte 64: its transport header is in the first one',
);

test('a header length below 20 is told', t => {
  const packet = decode(whole(hex(known.replace('45', '44')), 'raw'));
  t.deepEqual(packet.stop, {reason: 'ipv4 header length 16 is below 20', offset: 0});
});

test('a total length beyond the frame is no stop, but leaves checksums unchecked', t => {
  const packet = decodeRaw([{...ip4, totalLength: 1500}, udp], new Uint8Array(4));
  t.is(packet.stop, undefined);
  t.is(header(packet, 'udp').checksum, 'none');
  t.deepEqual(packet.payload, {offset: 28, length: 4});
});

test('bytes behind the total length are padding, even without a frame minimum', t => {
  const packet = decode(whole(build([{...eth, padTo: 100}, ip4, tcp], new Uint8Array(5))));
  t.deepEqual(packet.payload, {offset: 54, length: 5});
  t.is(header(packet, 'tcp').checksum, 'good');
});

test('checksums of first fragments are not judged', t => {
  const packet = decodeRaw([
    {...ip4, moreFragments: true},
    {...udp, checksum: 0x1234},
  ]);
  t.is(header(packet, 'udp').checksum, 'none');
});
