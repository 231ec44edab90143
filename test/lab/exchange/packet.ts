import test from 'ava';
import {planPacket} from '../../../src/lab/exchange/packet.ts';
import type {PacketStep} from '../../../src/lab/exchange/types.ts';
import {findTopology, ownTopologies} from '../../../src/topology/load.ts';
import {namesOf} from '../../../src/verdict/names.ts';
import {decode} from '../../../src/wire/decode.ts';
import {printPacket} from '../../../src/wire/print.ts';

const topology = findTopology('two-arm-nat', [ownTopologies]);
const scene = (family: 'v4' | 'v6') => ({
  topology,
  family,
  director: 'director',
  names: namesOf(topology, {family}),
  service: {
    key: {kind: 'address', protocol: 'tcp', address: '198.51.100.80', port: 80},
    scheduler: 'rr',
    flags: [],
    onePacket: false,
    realServers: [],
  } as const,
});
const planned = (step: Omit<PacketStep, 'kind' | 'from' | 'path'>, family: 'v4' | 'v6' = 'v4') => {
  const whole: PacketStep = {kind: 'packet', from: 'client', path: ['client > router'], ...step};
  return planPacket(whole, scene(family), 1, 'step 1').sent;
};
const decoded = (hex: string) => {
  const bytes = Buffer.from(hex, 'hex');
  return decode({bytes, linkType: 'ethernet', originalLength: bytes.length});
};
const headersOf = (hex: string) => decoded(hex).headers;

test('a packet goes out with the MACs of its first link, sound lengths and checksums, and an id of its own', t => {
  const {frame, device, hops} = planned({
    ip: 'CIP > VIP',
    tcp: {ports: '4000 > 80', flags: 'S', seq: 7},
    payload: 'abc',
  });
  const [ethernet, ip, tcp] = headersOf(frame);
  t.is(device, 'eth0');
  t.deepEqual(hops, [{link: 'client > router', ip: 'CIP > VIP', ports: '4000 > 80'}]);
  t.like(ethernet, {kind: 'ethernet', etherType: 0x0800});
  t.like(ip, {source: '192.0.2.10', destination: '198.51.100.80', id: 0x1001, ttl: 64});
  t.like(ip, {checksum: 'good', totalLength: 43, dontFragment: true});
  t.like(tcp, {flags: 'S', sequence: 7, checksum: 'good', sourcePort: 4000});
});

test('over IPv6 the id is the flow label', t => {
  const {frame} = planned({ip: 'CIP > VIP', tcp: {ports: '4000 > 80', flags: '.'}}, 'v6');
  t.like(headersOf(frame)[1], {kind: 'ipv6', flowLabel: 0x1001, hopLimit: 64});
});

test('a checksum is as bad as it is wanted', t => {
  const {frame} = planned({ip: 'CIP > VIP', udp: {ports: '4000 > 80', checksum: 'bad'}});
  t.like(headersOf(frame)[2], {kind: 'udp', checksum: 'bad'});
  const none = planned({ip: 'CIP > VIP', udp: {ports: '4000 > 80', checksum: 'none'}});
  t.like(headersOf(none.frame)[2], {kind: 'udp', checksum: 'none'});
});

test('an error quotes a packet, as much of it as it says', t => {
  const quotes = {ip: 'CIP > RIP1', udp: {ports: '4000 > 5353'}, payload: 100, behind: 8};
  const {frame} = planned({ip: 'RIP1 > CIP', icmp: {type: 3, code: 3, quotes}});
  t.regex(printPacket(decoded(frame)), /192\.0\.2\.10.*203\.0\.113\.21/);
  t.is(frame.length / 2, 14 + 20 + 8 + 20 + 8);
});

test('the pieces of a packet are all of it: ports in the first one alone', t => {
  const piece = (number: number) =>
    planned({
      ip: 'CIP > VIP',
      id: 0x7001,
      df: false,
      udp: {ports: '4000 > 80'},
      payload: 1200,
      piece: {mtu: 596, number},
    });
  const ips = [1, 2, 3].map(number => headersOf(piece(number).frame)[1]);
  t.deepEqual(
    ips.map(ip => (ip?.kind === 'ipv4' ? [ip.id, ip.fragmentOffset, ip.moreFragments] : [])),
    [
      [0x7001, 0, true],
      [0x7001, 576, true],
      [0x7001, 1152, false],
    ],
  );
  t.deepEqual(
    [1, 2].map(number => piece(number).hops[0]?.ports),
    ['4000 > 80', undefined],
  );
});
