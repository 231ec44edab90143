import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {printPacket, type PrintOptions} from '../../src/wire/print.ts';
import {eth, gueUdp, hex, ip4, ip6, outer4, outer6, tcp, udp, whole} from './support/frames.ts';

const names = new Map([
  ['192.0.2.10', 'CIP'],
  ['198.51.100.80', 'VIP'],
  ['203.0.113.1', 'DIP'],
  ['203.0.113.21', 'RIP'],
  ['2001:db8::a', 'CIP6'],
  ['2001:db8:1::80', 'VIP6'],
  ['02:00:00:00:00:d1', 'director'],
]);
const named: PrintOptions = {name: address => names.get(address)};

const prints = test.macro(
  (t, layers: readonly Layer[], expected: string, options: PrintOptions = named) => {
    t.is(printPacket(decode(whole(build([eth, ...layers]))), options), expected);
  },
);

test('raw addresses', prints, [ip4, tcp], '192.0.2.10 > 198.51.100.80 tcp 40312 > 80 [S]', {});
test('names', prints, [ip4, tcp], 'CIP > VIP tcp 40312 > 80 [S]');
test(
  'names as far as known',
  prints,
  [
    {...ip4, source: '192.0.2.11'},
    {...tcp, flags: 'P.'},
  ],
  '192.0.2.11 > VIP tcp 40312 > 80 [P.]',
);
test(
  'MACs on demand',
  prints,
  [ip4, udp],
  '02:00:00:00:00:0a > director CIP > VIP udp 40313 > 40999',
  {...named, macs: true},
);
test('no flags', prints, [ip6, {...tcp, flags: ''}], 'CIP6 > VIP6 tcp 40312 > 80 [none]');
test('VLAN', prints, [{kind: 'vlan', id: 10}, ip4, udp], 'vlan 10 CIP > VIP udp 40313 > 40999');
test('IPIP', prints, [outer4, ip4, tcp], 'DIP > RIP ipip CIP > VIP tcp 40312 > 80 [S]');
test(
  'GRE',
  prints,
  [outer4, {kind: 'gre', key: 5, sequence: 6}, ip6, tcp],
  'DIP > RIP gre key 5 seq 6 CIP6 > VIP6 tcp 40312 > 80 [S]',
);
test(
  'GUE',
  prints,
  [outer6, gueUdp, {kind: 'gue'}, ip4, tcp],
  '2001:db8:f::1 > 2001:db8:f::21 udp 51000 > 6080 gue CIP > VIP tcp 40312 > 80 [S]',
);
test(
  'GUE control',
  prints,
  [outer4, gueUdp, {kind: 'gue', control: true, protocol: 3}],
  'DIP > RIP udp 51000 > 6080 gue control 3 ! GUE control message 3 is not decoded',
);
test(
  'fragments',
  prints,
  [{...ip4, id: 9, fragmentOffset: 8, moreFragments: true, protocol: 6}],
  'CIP > VIP frag 9 at 8+ ! fragment at byte 8: its transport header is in the first one',
);
test(
  'IPv6 fragments',
  prints,
  [{...ip6, fragment: {id: 9, offset: 0, more: true}}, udp],
  'CIP6 > VIP6 frag 9 at 0+ udp 40313 > 40999',
);
test(
  'bad checksums',
  prints,
  [
    {...ip4, checksum: 1},
    {...udp, checksum: 2},
  ],
  'CIP > VIP (bad checksum) udp 40313 > 40999 (bad checksum)',
);
test(
  'a quote',
  prints,
  [ip4, {kind: 'icmp', type: 3, code: 4, rest: 1400}, outer4, udp],
  'CIP > VIP icmp frag needed mtu 1400 (DIP > RIP udp 40313 > 40999)',
);
test(
  'a quote over IPv6',
  prints,
  [ip6, {kind: 'icmpv6', type: 2, rest: 1280}, ip6, udp],
  'CIP6 > VIP6 icmpv6 packet too big mtu 1280 (CIP6 > VIP6 udp 40313 > 40999)',
);
test(
  'echo',
  prints,
  [ip4, {kind: 'icmp', type: 8, rest: 0x00070001}],
  'CIP > VIP icmp echo request id 7 seq 1',
);
test(
  'ICMP without a name',
  prints,
  [ip6, {kind: 'icmpv6', type: 143, code: 1}],
  'CIP6 > VIP6 icmpv6 type 143 code 1',
);

const arp = {
  kind: 'arp',
  operation: 1,
  senderMac: eth.destination,
  senderIp: '192.0.2.10',
  targetIp: '198.51.100.80',
} as const;
test('who has', prints, [arp], 'arp who-has VIP tell CIP');
test('is at', prints, [{...arp, operation: 2}], 'arp CIP is-at director');
test('another ARP operation', prints, [{...arp, operation: 8}], 'arp operation 8 CIP > VIP');

test('where decoding stopped', t => {
  const bytes = build([{...eth, etherType: 0x88cc}], hex('0207'));
  t.is(printPacket(decode(whole(bytes))), '! EtherType 0x88cc is not decoded');
});
