import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import type {ChecksumState} from '../../src/wire/types.ts';
import {decodeRaw, gueUdp, header, hex, ip4, ip6, tcp, udp, whole} from './support/frames.ts';

const state = test.macro((t, layers: readonly Layer[], checksum: ChecksumState, field?: number) => {
  const found = header(decodeRaw(layers, hex('aabbcc')), 'udp');
  t.is(found.checksum, checksum);
  if (field !== undefined) t.is(found.checksumField, field);
});

test('a right checksum over IPv4 is good', state, [ip4, udp], 'good');
test('a right checksum over IPv6 is good', state, [ip6, udp], 'good');
test('a wrong checksum is bad', state, [ip4, {...udp, checksum: 1}], 'bad', 1);
test('0 over IPv4 is none', state, [ip4, {...udp, checksum: 0}], 'none', 0);
test('0 over IPv6 is an error', state, [ip6, {...udp, checksum: 0}], 'bad', 0);
test(
  '0 over IPv6 is allowed to tunnels',
  state,
  [ip6, {...gueUdp, checksum: 0}, {kind: 'gue', protocol: 59}],
  'none',
  0,
);
test(
  'a length beyond the packet cannot be checked',
  state,
  [ip4, {...udp, datagramLength: 99}],
  'none',
);
test(
  'a length below the header cannot be checked',
  state,
  [ip4, {...udp, datagramLength: 7}],
  'none',
);

test('a length below the header is told', t => {
  const {stop} = decodeRaw([ip4, {...udp, datagramLength: 7}]);
  t.is(stop?.reason, "udp length 7 is below its header's 8");
});

test('the payload ends with the datagram, not with the packet', t => {
  const {payload} = decodeRaw([ip4, {...udp, datagramLength: 10}], hex('aabbccdd'));
  t.deepEqual(payload, {offset: 28, length: 2});
});

test('a wrong byte anywhere makes the checksum bad', t => {
  const bytes = build([ip6, udp], hex('aabbccddee'));
  for (const at of [8, 23, 24, 39, 40, 42, 48, 52]) {
    const wrong = bytes.slice();
    wrong[at] = (wrong[at] ?? 0) ^ 1;
    t.is(header(decode(whole(wrong, 'raw')), 'udp').checksum, 'bad', `byte ${at}`);
  }
});

test('0 over IPv6 cannot be judged in a fragment', t => {
  const fragment = {id: 1, offset: 0, more: true};
  const packet = decodeRaw([
    {...ip6, fragment},
    {...udp, checksum: 0},
  ]);
  t.is(header(packet, 'udp').checksum, 'none');
});

test('what is carried in a datagram that is not all there cannot be checked', t => {
  const packet = decodeRaw([ip4, {...gueUdp, datagramLength: 999}, {kind: 'gue'}, tcp]);
  t.is(header(packet, 'tcp').checksum, 'none');
});
