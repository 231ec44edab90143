import {addressNames, addressByName} from '../../../src/topology/names.ts';
import type {Family} from '../../../src/topology/types.ts';
import {decode} from '../../../src/wire/decode.ts';
import {ipHeaders, transport} from '../../../src/wire/packet.ts';
import {patch, type Change} from '../../../src/wire/patch.ts';
import type {Frame, Packet} from '../../../src/wire/types.ts';
import {carrierChanges} from './carrier-faults.ts';
import {wordPlace, type Fault, type Hop, type Way} from './fault.ts';
import {segmentChanges, withoutChecksum} from './segment-faults.ts';
import {frameAt, holding, withFrames, type Site, type Subject} from './subject.ts';

/** One change of a frame's bytes. */
export interface ByteChange {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** Every field of every frame of a flow, wrong at the sender, at the receiver, at both ends, and out of a tunnel device. */
export const fieldFaults = (subject: Subject, ways: readonly Way[]): readonly Fault[] =>
  ways.flatMap(({hops, delivered}) => [
    ...hops.flatMap(hop => [
      ...faultsAt(subject, [hop.sender], 'at the sender', hop),
      ...faultsAt(subject, [hop.receiver], 'at the receiver', hop),
      ...faultsAt(subject, [hop.sender, hop.receiver], 'at both ends', hop),
    ]),
    ...delivered.flatMap(site => faultsAt(subject, [site], 'where it is unwrapped')),
  ]);

/** What a sender may choose as it likes: said the same at every place of its way, it is another packet and no fault. */
const chosenBySender = new Set([
  'ip.id',
  'ip.tos',
  'ip.flags: DF',
  'ip.ttl: one less',
  'ip.ttl: one more',
  'tcp.window',
  'tcp.flags: PSH',
  'tcp.seq',
  'tcp.ack',
  'payload byte, checksum right',
]);

function faultsAt(
  subject: Subject,
  sites: readonly Site[],
  scope: string,
  hop?: Hop,
): readonly Fault[] {
  const [first] = sites;
  if (first === undefined) return [];
  const frame = frameAt(subject, first);
  const everywhere = hop !== undefined && hop.of === 1 && sites.length === 2;
  const changes = changesOf(subject, frame, hop).filter(
    ({kind}) =>
      (!everywhere || !chosenBySender.has(kind)) &&
      // Who rewrites a datagram without a checksum may give it one.
      (kind !== withoutChecksum || hop?.number !== 1 || sites.length === 1),
  );
  return changes.map(({kind, bytes}) => ({
    kind,
    scope,
    place: wordPlace(subject, first, hop),
    loss: hop !== undefined && sites.length === 1,
    plant: () =>
      withFrames(
        subject,
        sites.map(site => ({...site, become: [holding(frameAt(subject, site), bytes)]})),
      ),
  }));
}

function changesOf(subject: Subject, frame: Frame, hop: Hop | undefined): readonly ByteChange[] {
  const packet = decode(frame);
  return [
    ...(hop === undefined ? [] : macChanges(subject, frame, packet, hop)),
    ...addressChanges(subject, frame, packet),
    ...headerChanges(frame, packet),
    ...segmentChanges(frame, packet),
    ...carrierChanges(subject, frame, packet),
  ];
}

const patched = (frame: Frame, kind: string, change: Change, ip?: number): ByteChange => ({
  kind,
  bytes: patch(frame, change, {ip}),
});

function macChanges(
  {run}: Subject,
  frame: Frame,
  {headers}: Packet,
  {network}: Hop,
): readonly ByteChange[] {
  const ethernet = headers.find(({kind}) => kind === 'ethernet');
  if (ethernet?.kind !== 'ethernet') return [];
  const {source, destination} = ethernet;
  const other = run.topology.nodes
    .flatMap(({interfaces}) => interfaces)
    .find(link => link.network === network && ![source, destination].includes(link.mac));
  const nobody = '02:ff:ff:ff:ff:fe';
  return [
    patched(frame, "eth.src: nobody's", {sourceMac: nobody}),
    patched(frame, "eth.dst: nobody's", {destinationMac: nobody}),
    patched(frame, 'eth: source and destination exchanged', {
      sourceMac: destination,
      destinationMac: source,
    }),
    ...(other === undefined
      ? []
      : [
          patched(frame, "eth.src: another node's", {sourceMac: other.mac}),
          patched(frame, "eth.dst: another node's", {destinationMac: other.mac}),
        ]),
  ];
}

/** Each address of each IP header becomes one that another name has, and one that nobody has. */
function addressChanges({run}: Subject, frame: Frame, packet: Packet): readonly ByteChange[] {
  const known = (family: Family): readonly string[] => [
    ...new Set(
      addressNames(run.topology).flatMap(name => addressByName(run.topology, name, family) ?? []),
    ),
  ];
  const headers = ipHeaders(packet);
  return headers.flatMap((header, i) => {
    const family = header.kind === 'ipv4' ? 'v4' : 'v6';
    const nobody = family === 'v4' ? '203.0.113.250' : '2001:db8:ffff::250';
    const field = i === headers.length - 1 ? 'ip' : 'outer ip';
    const others = known(family).filter(
      address => ![header.source, header.destination].includes(address),
    );
    const other = others[(frame.number + i) % others.length] ?? nobody;
    return [
      patched(frame, `${field}.src: another's`, {source: other}, i),
      patched(frame, `${field}.dst: another's`, {destination: other}, i),
      patched(frame, `${field}.src: nobody's`, {source: nobody}, i),
      patched(frame, `${field}.dst: nobody's`, {destination: nobody}, i),
      patched(
        frame,
        `${field}: source and destination exchanged`,
        {source: header.destination, destination: header.source},
        i,
      ),
    ];
  });
}

function headerChanges(frame: Frame, packet: Packet): readonly ByteChange[] {
  const headers = ipHeaders(packet);
  const ports = transport(packet);
  return [
    ...headers.flatMap((header, i) => {
      const field = i === headers.length - 1 ? 'ip' : 'outer ip';
      const ttl = header.kind === 'ipv4' ? header.ttl : header.hopLimit;
      return [
        patched(frame, `${field}.ttl: one less`, {ttl: ttl - 1}, i),
        patched(frame, `${field}.ttl: one more`, {ttl: ttl + 1}, i),
      ];
    }),
    ...(ports === undefined || ports.kind === 'sctp'
      ? []
      : [
          patched(frame, 'port.src: another', {sourcePort: ports.sourcePort ^ 1}),
          patched(frame, 'port.dst: another', {destinationPort: ports.destinationPort ^ 1}),
          patched(frame, 'port: source and destination exchanged', {
            sourcePort: ports.destinationPort,
            destinationPort: ports.sourcePort,
          }),
        ]),
  ];
}
