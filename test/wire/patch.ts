import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {type Change, patch, type PatchOptions} from '../../src/wire/patch.ts';
import {
  eth,
  gueUdp,
  header,
  hex,
  ip4,
  ip6,
  outer4,
  outer6,
  tcp,
  text,
  udp,
  whole,
} from './support/frames.ts';

const data = hex('aa bb cc dd ee');
const nat: Change = {
  sourceMac: '02:00:00:00:00:d2',
  destinationMac: '02:00:00:00:00:21',
  source: '198.51.100.1',
  destination: '198.51.100.21',
  sourcePort: 1025,
  destinationPort: 8080,
  ttl: 63,
};
const nat6: Change = {...nat, source: '2001:db8:2::1', destination: '2001:db8:2::21'};
const changedEth = {...eth, source: '02:00:00:00:00:d2', destination: '02:00:00:00:00:21'};
const {source, destination} = {source: '198.51.100.1', destination: '198.51.100.21'};
const changed4 = {...ip4, source, destination, ttl: 63};
const changed6 = {...ip6, source: '2001:db8:2::1', destination: '2001:db8:2::21', hopLimit: 63};
const ports = {sourcePort: 1025, destinationPort: 8080};

/** The patched frame is byte for byte the one that is built with the changed fields. */
const same = test.macro(
  (
    t,
    before: readonly Layer[],
    change: Change,
    after: readonly Layer[],
    options: PatchOptions = {},
  ) => {
    const bytes = build([eth, ...before], data);
    const original = bytes.slice();
    const ethernet = change.sourceMac === undefined ? eth : changedEth;
    t.is(text(patch(whole(bytes), change, options)), text(build([ethernet, ...after], data)));
    t.deepEqual(bytes, original, 'the frame itself stays');
  },
);

test('tcp over ipv4', same, [ip4, tcp], nat, [changed4, {...tcp, ...ports}]);
test('udp over ipv4', same, [ip4, udp], nat, [changed4, {...udp, ...ports}]);
test('tcp over ipv6', same, [ip6, tcp], nat6, [changed6, {...tcp, ...ports}]);
test('udp over ipv6', same, [ip6, udp], nat6, [changed6, {...udp, ...ports}]);
for (const [name, fields, isCovered] of [
  ['version 2', {version: 2}, false],
  ['version 3', {version: 3}, true],
  ['version 3 without pseudo header', {version: 3, pseudoHeader: false}, false],
] as const)
  test(`the checksum of VRRP ${name} follows the addresses that it covers`, t => {
    const vrrp = {kind: 'vrrp', virtualRouter: 1, addresses: ['198.51.100.80'], ...fields} as const;
    const bytes = patch(whole(build([eth, ip4, vrrp])), {source, destination});
    t.is(text(bytes), text(build([eth, {...ip4, source, destination}, vrrp])));
    t.is(text(bytes.subarray(40, 42)) === text(build([ip4, vrrp]).subarray(26, 28)), !isCovered);
  });
test('udp without checksum keeps none', same, [ip4, {...udp, checksum: 0}], nat, [
  changed4,
  {...udp, ...ports, checksum: 0},
]);
test('a VLAN tag is no hindrance', same, [{kind: 'vlan', id: 7}, ip4, tcp], nat, [
  {kind: 'vlan', id: 7},
  changed4,
  {...tcp, ...ports},
]);
test('the packet in a tunnel is meant by default', same, [outer4, ip4, tcp], nat, [
  outer4,
  changed4,
  {...tcp, ...ports},
]);
test(
  'the outer header of a tunnel by its place',
  same,
  [outer6, ip4, tcp],
  {destination: '2001:db8:f::22', ttl: 9},
  [{...outer6, destination: '2001:db8:f::22', hopLimit: 9}, ip4, tcp],
  {ip: 0},
);
test(
  'outer checksums follow what is changed inside: GRE',
  same,
  [outer4, {kind: 'gre', hasChecksum: true}, ip6, tcp],
  nat6,
  [outer4, {kind: 'gre', hasChecksum: true}, changed6, {...tcp, ...ports}],
);
test(
  'outer checksums follow what is changed inside: GUE',
  same,
  [outer4, gueUdp, {kind: 'gue'}, ip4, udp],
  nat,
  [outer4, gueUdp, {kind: 'gue'}, changed4, {...udp, ...ports}],
);
test(
  'ports of a GUE carrier by the place of its IP header',
  same,
  [outer4, gueUdp, {kind: 'gue'}, ip4, udp],
  {sourcePort: 1025},
  [outer4, {...gueUdp, sourcePort: 1025}, {kind: 'gue'}, ip4, udp],
  {ip: 0},
);
test(
  'a quoted packet, with the ICMP checksum over it',
  same,
  [ip4, {kind: 'icmp', type: 3, code: 3}, ip4, udp],
  {source, destination, ttl: 63, ...ports},
  [ip4, {kind: 'icmp', type: 3, code: 3}, changed4, {...udp, ...ports}],
  {quoted: true},
);
test(
  'the header around a quote is meant by default',
  same,
  [ip6, {kind: 'icmpv6', type: 2, rest: 1280}, ip6, udp],
  {source: '2001:db8:2::1', destination: '2001:db8:2::21', ttl: 63},
  [changed6, {kind: 'icmpv6', type: 2, rest: 1280}, ip6, udp],
);
const routing = {type: 43, body: hex('00 01 00000000 20010db8000200000000000000000080')};
test(
  'a routed destination is not under the transport checksum',
  same,
  [{...ip6, extensions: [routing]}, tcp],
  {destination: '2001:db8:2::21'},
  [{...ip6, destination: '2001:db8:2::21', extensions: [routing]}, tcp],
);
test('ICMP has no pseudo header', same, [ip4, {kind: 'icmp', type: 8}], {source, destination}, [
  {...ip4, source, destination},
  {kind: 'icmp', type: 8},
]);

test('a UDP checksum that comes to 0 is written as ffff', t => {
  const bytes = build([eth, ip4, {...udp, sourcePort: 0}], data);
  const sourcePort = (bytes[40] ?? 0) * 256 + (bytes[41] ?? 0);
  const patched = patch(whole(bytes), {sourcePort});
  t.is(text(patched.subarray(40, 42)), 'ffff');
  t.is(header(decode(whole(patched)), 'udp').checksum, 'good');
});

test('nothing changes nothing', same, [ip4, tcp], {}, [ip4, tcp]);

test('checksums can be kept, which makes them bad', t => {
  const bytes = build([eth, ip4, tcp], data);
  const patched = patch(whole(bytes), nat, {checksums: 'keep'});
  t.is(text(patched.subarray(24, 26)), text(bytes.subarray(24, 26)));
  const packet = decode(whole(patched));
  t.is(header(packet, 'ipv4').checksum, 'bad');
  t.is(header(packet, 'tcp').checksum, 'bad');
  t.is(header(packet, 'ipv4').destination, '198.51.100.21');
});

test('a bad checksum stays bad', t => {
  const bytes = build([eth, ip4, {...tcp, checksum: 0x1111}], data);
  t.is(header(decode(whole(patch(whole(bytes), nat))), 'tcp').checksum, 'bad');
});

test('a cut frame is fixed as if it were whole', t => {
  const bytes = build([eth, ip4, tcp], data);
  const cut = {bytes: bytes.subarray(0, 54), linkType: 'ethernet', originalLength: 59} as const;
  t.is(text(patch(cut, nat)), text(patch(whole(bytes), nat).subarray(0, 54)));
});

const refused = test.macro(
  (t, layers: readonly Layer[], change: Change, what: RegExp, options: PatchOptions = {}) => {
    const linkType = layers[0]?.kind === 'ethernet' ? 'ethernet' : 'raw';
    const bytes = build(layers);
    const error = t.throws(() => patch(whole(bytes, linkType), change, options), {
      instanceOf: InputError,
    });
    t.regex(error.problems[0]?.what ?? '', what);
  },
);

test('a raw frame has no MAC', refused, [ip4, tcp], {sourceMac: eth.source}, /no ethernet header/);
test(
  'ICMP has no ports',
  refused,
  [ip4, {kind: 'icmp', type: 8}],
  {sourcePort: 1},
  /no tcp or udp/,
);
test(
  'the outer header of IPIP has no ports',
  refused,
  [outer4, ip4, tcp],
  {sourcePort: 1},
  /no tcp or udp/,
  {ip: 0},
);
test('a third IP header is missed', refused, [outer4, ip4, tcp], {ttl: 1}, /no IP header/, {ip: 2});
test('a quote is missed', refused, [ip4, tcp], {ttl: 1}, /no IP header/, {quoted: true});
test('families do not mix', refused, [ip4, tcp], {source: '::1'}, /other family/);
