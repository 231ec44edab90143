import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {
  decodeRaw,
  gueUdp,
  header,
  hex,
  ip4,
  ip6,
  kinds,
  outer4,
  tcp,
  text,
  udp,
  whole,
} from './support/frames.ts';

test('version 0: control bit, header length, protocol, flags and optional fields', t => {
  const packet = decodeRaw(
    [outer4, gueUdp],
    hex('02 04 8001 01020304 05060708' + text(build([ip4, tcp]))),
  );
  t.is(kinds(packet), 'ipv4 udp gue ipv4 tcp');
  t.deepEqual(header(packet, 'gue'), {
    kind: 'gue',
    offset: 28,
    length: 12,
    version: 0,
    control: false,
    protocol: 4,
    flags: 0x8001,
    optionBytes: hex('0102030405060708'),
  });
});

test('version 1 is no header: the IP version says what follows', t => {
  for (const [inner, protocol] of [
    [ip4, 4],
    [ip6, 41],
  ] as const) {
    const bytes = build([outer4, gueUdp, {kind: 'gue', version: 1}, inner, tcp]);
    t.is(text(bytes.subarray(28)), text(build([inner, tcp])));
    const packet = decode(whole(bytes, 'raw'));
    t.is(kinds(packet), `ipv4 udp gue ${inner.kind} tcp`);
    t.like(header(packet, 'gue'), {version: 1, offset: 28, length: 0, protocol});
  }
});

test('GUE may carry a transport header without an IP header of its own', t => {
  const packet = decodeRaw([outer4, gueUdp, {kind: 'gue'}, tcp]);
  t.is(kinds(packet), 'ipv4 udp gue tcp');
  t.is(header(packet, 'tcp').checksum, 'good');
});

test('only the given destination ports are GUE', t => {
  const elsewhere = {...udp, destinationPort: 5555};
  const layers = [outer4, elsewhere, {kind: 'gue'}, ip4, tcp] as const;
  t.is(kinds(decodeRaw(layers)), 'ipv4 udp');
  t.is(kinds(decodeRaw(layers, undefined, {guePorts: [1, 5555]})), 'ipv4 udp gue ipv4 tcp');
  const back = {...udp, sourcePort: 6080};
  t.is(kinds(decodeRaw([outer4, back, {kind: 'gue'}, ip4, tcp])), 'ipv4 udp');
  t.is(
    kinds(decodeRaw([outer4, gueUdp, {kind: 'gue'}, ip4, tcp], undefined, {guePorts: []})),
    'ipv4 udp',
  );
});

const stops = test.macro((t, gue: string, found: string, reason: string) => {
  const packet = decodeRaw([outer4, gueUdp], hex(gue));
  t.is(kinds(packet), found);
  t.is(packet.stop?.reason, reason);
});

test(
  'control messages are told',
  stops,
  '20 01 0000',
  'ipv4 udp gue',
  'GUE control message 1 is not decoded',
);
test('unknown versions are told', stops, '80 04 0000', 'ipv4 udp', 'GUE version 2 is not decoded');
test(
  'version 1 without IP is told',
  stops,
  '50 04 0000',
  'ipv4 udp',
  'GUE version 1 with IP version 5 is not decoded',
);
test(
  'missing optional fields are told',
  stops,
  '02 04 0000 00000000',
  'ipv4 udp',
  'gue header needs 12 bytes, 8 are there',
);
test('an empty datagram is told', stops, '', 'ipv4 udp', 'gue header needs 1 bytes, 0 are there');
