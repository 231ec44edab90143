import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import type {Packet} from '../../src/wire/types.ts';
import {header, hex, ip4, ip6, kinds, outer4, tcp, udp, whole} from './support/frames.ts';

const frag = {kind: 'icmp', type: 3, code: 4, rest: 1400} as const;

function quotedBy(layers: readonly Layer[], payload?: Uint8Array): Packet | undefined {
  const packet = decode(whole(build(layers, payload), 'raw'));
  const error = packet.headers.at(-1);
  return error !== undefined && 'quoted' in error ? error.quoted : undefined;
}

test('an error has its quote with places in the same frame', t => {
  const bytes = build([ip4, frag, outer4, udp], hex('aabb'));
  const packet = decode(whole(bytes, 'raw'));
  t.is(kinds(packet), 'ipv4 icmp');
  t.deepEqual(packet.payload, {offset: 28, length: 30});
  const {quoted, ...icmp} = header(packet, 'icmp');
  t.deepEqual(icmp, {
    kind: 'icmp',
    offset: 20,
    length: 8,
    type: 3,
    code: 4,
    rest: 1400,
    checksum: 'good',
  });
  t.like(quoted?.headers[0], {kind: 'ipv4', offset: 28, source: '203.0.113.1'});
  t.like(quoted?.headers[1], {kind: 'udp', offset: 48, checksum: 'good'});
  t.deepEqual(quoted?.payload, {offset: 56, length: 2});
});

test('a quote of eight bytes is kept as far as it goes', t => {
  const packet = build([outer4, tcp]).subarray(0, 28);
  const quoted = quotedBy([{...ip4, protocol: 1}, frag], packet);
  t.is(quoted && kinds(quoted), 'ipv4');
  t.is(quoted?.stop?.reason, 'tcp header needs 20 bytes, 8 are there');
  t.deepEqual(quoted?.payload, {offset: 48, length: 8});
});

test('a tunnelled packet is quoted with all its headers', t => {
  const quoted = quotedBy([ip4, frag, outer4, ip6, tcp]);
  t.is(quoted && kinds(quoted), 'ipv4 ipv6 tcp');
});

test('an error in a quote is not followed', t => {
  const quoted = quotedBy([ip4, frag, ip4, frag, ip4, udp]);
  t.is(quoted && kinds(quoted), 'ipv4 icmp');
  t.false('quoted' in (quoted?.headers[1] ?? {quoted: 1}));
});

test('messages that quote nothing have no quote', t => {
  for (const layers of [
    [ip4, {...frag, type: 8}],
    [ip4, frag],
    [ip6, {kind: 'icmpv6', type: 128}],
  ] as const)
    t.is(quotedBy(layers), undefined);
});

test('RFC 4884 extensions are not part of the quote', t => {
  const quote = build(
    [
      {...outer4, totalLength: 1500},
      {...udp, datagramLength: 1480},
    ],
    new Uint8Array(100),
  );
  const extension = hex('2000 0000 0008 0101 00000000');
  const payload = Uint8Array.from([...quote, ...extension]);
  const v4 = quotedBy([ip4, {kind: 'icmp', type: 11, rest: (128 / 4) << 16}], payload);
  t.is(v4?.payload.length, 100);
  const v6 = quotedBy([ip6, {kind: 'icmpv6', type: 3, rest: (128 / 8) << 24}], payload);
  t.is(v6?.payload.length, 100);
  const unlimited = quotedBy([ip4, {kind: 'icmp', type: 11}], payload);
  t.is(unlimited?.payload.length, 100 + extension.length);
});

test('the MTU of frag needed is not taken for an RFC 4884 length, nor that of packet too big', t => {
  const quote = [ip6, udp] as const;
  t.is(quotedBy([ip6, {kind: 'icmpv6', type: 2, rest: 0x01000500}, ...quote])?.headers.length, 2);
  t.is(quotedBy([ip4, {...frag, rest: 0xffff}, ...quote])?.headers.length, 2);
});

test('the ICMPv6 checksum covers the addresses, that of ICMP does not', t => {
  const wrong = (layers: readonly Layer[], at: number) => {
    const bytes = build(layers, hex('aa'));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const last = decode(whole(bytes, 'raw')).headers.at(-1);
    return last !== undefined && 'checksum' in last ? last.checksum : undefined;
  };
  t.is(wrong([ip6, {kind: 'icmpv6', type: 128}], 39), 'bad');
  t.is(wrong([ip4, {kind: 'icmp', type: 8}], 19), 'good');
  t.is(wrong([ip4, {kind: 'icmp', type: 8}], 28), 'bad');
});
