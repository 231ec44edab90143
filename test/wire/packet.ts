import test from 'ava';
import type {Layer} from '../../src/wire/build.ts';
import {encapsulations, innermostIp, ipHeaders, transport} from '../../src/wire/packet.ts';
import {decodeRaw, gueUdp, ip4, ip6, outer4, outer6, tcp, udp} from './support/frames.ts';

const echo = {kind: 'icmp', type: 8} as const;

const views = test.macro(
  (t, layers: readonly Layer[], ips: string, port: number | undefined, tunnels: string) => {
    const packet = decodeRaw(layers);
    t.is(
      ipHeaders(packet)
        .map(({destination}) => destination)
        .join(' '),
      ips,
    );
    t.is(innermostIp(packet)?.destination, ips.split(' ').at(-1));
    t.is(transport(packet)?.destinationPort, port);
    t.is(encapsulations(packet).join(' '), tunnels);
  },
);

test('plain', views, [ip4, tcp], '198.51.100.80', 80, '');
test('IPIP', views, [outer4, ip6, udp], '203.0.113.21 2001:db8:1::80', 40999, 'ipip');
test('GRE', views, [outer4, {kind: 'gre'}, ip4, tcp], '203.0.113.21 198.51.100.80', 80, 'gre');
test(
  'GUE in IPIP',
  views,
  [outer6, outer4, gueUdp, {kind: 'gue'}, ip4, tcp],
  '2001:db8:f::21 203.0.113.21 198.51.100.80',
  80,
  'ipip gue',
);
test(
  "ICMP in GUE has no transport, not the carrier's",
  views,
  [outer4, gueUdp, {kind: 'gue'}, ip4, echo],
  '203.0.113.21 198.51.100.80',
  undefined,
  'gue',
);
test(
  'a quoted packet is not the packet',
  views,
  [ip4, {kind: 'icmp', type: 3}, outer4, udp],
  '198.51.100.80',
  undefined,
  '',
);
