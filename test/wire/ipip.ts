import test from 'ava';
import {decodeRaw, ip4, ip6, kinds, outer4, outer6, tcp, text} from './support/frames.ts';
import {build, type Layer} from '../../src/wire/build.ts';

const carries = test.macro((t, layers: readonly Layer[], protocol: number, at: number) => {
  t.is(build(layers)[at], protocol);
  const packet = decodeRaw(layers);
  t.is(kinds(packet), layers.map(({kind}) => kind).join(' '));
  t.is(packet.stop, undefined);
  for (const header of packet.headers) if ('checksum' in header) t.is(header.checksum, 'good');
});

test('IPv4 in IPv4 by protocol 4', carries, [outer4, ip4, tcp], 4, 9);
test('IPv6 in IPv4 by protocol 41', carries, [outer4, ip6, tcp], 41, 9);
test('IPv4 in IPv6 by protocol 4', carries, [outer6, ip4, tcp], 4, 6);
test('IPv6 in IPv6 by protocol 41', carries, [outer6, ip6, tcp], 41, 6);

test('the inner packet is carried byte for byte', t => {
  const inner = build([ip4, tcp]);
  t.is(text(build([outer4, ip4, tcp]).subarray(20)), text(inner));
});

test('a fragmented tunnel leaves the inner checksums unchecked, but not the inner header', t => {
  const {headers} = decodeRaw([{...outer4, moreFragments: true}, {...ip4, totalLength: 1500}, tcp]);
  t.like(headers[1], {kind: 'ipv4', checksum: 'good'});
  t.like(headers[2], {kind: 'tcp', checksum: 'none'});
});
