import type {Family, Topology} from '../topology/types.ts';
import {interfaceOn, nodeByName, sharedNetworks} from '../topology/names.ts';
import {placeOf, tupleIn, tupleKey} from '../trace/essence.ts';
import {allFields, differences, isChecksum, rewritable} from '../trace/fields.ts';
import type {Crossing, Sighting} from '../trace/types.ts';
import {encapsulations, innermostIp, ipHeaders, transport} from '../wire/packet.ts';
import type {Header} from '../wire/types.ts';
import {compareCarrier} from './carrier.ts';
import {compareFragments} from './fragments.ts';
import type {Connection} from './connections.ts';
import {helped} from './ftp-control.ts';
import {chosenAddress, clientAddress, virtualAddress, type Hop} from './hops.ts';
import {differ, type Mismatch} from './mismatch.ts';
import type {Names} from './names.ts';
import type {Notation} from './notation.ts';
import {compareOuterTtl} from './outer-ttl.ts';

export interface Setting {
  readonly topology: Topology;
  readonly names: Names;
  readonly connection: Pick<Connection, 'server' | 'client' | 'virtual' | 'ports' | 'control'>;
  readonly notation: Notation;
}

/** Everything about one crossing that is not as its hop expects; `before` is the crossing before it on the path. */
export function compareHop(
  setting: Setting,
  hop: Hop,
  crossing: Crossing,
  before: Crossing | undefined,
): readonly Mismatch[] {
  return [
    ...compareLink(setting, hop, crossing),
    ...compareAddresses(setting, hop, crossing),
    ...compareCarrier(hop.carrier, crossing),
    ...comparePorts(setting, hop, crossing),
    ...compareTtl(hop, crossing, before),
    ...compareOuterTtl(crossing, before),
    ...compareContent(setting, hop, crossing, before),
    ...compareFragments(hop, crossing),
    ...compareIntegrity(crossing),
    ...compareWitnesses(crossing),
  ];
}

/** The network and MACs of a crossing, where they are not those of the hop's link. */
export function compareLink(
  {topology, notation}: Setting,
  hop: Hop,
  crossing: Crossing,
): Mismatch[] {
  const [a, b] = [hop.link.source, hop.link.destination].map(name => {
    const node = notation.node(name);
    return topology.nodes.some(candidate => candidate.name === node)
      ? nodeByName(topology, node)
      : undefined;
  });
  const fields = rewritable(crossing.any.packet);
  if (a === undefined || b === undefined)
    return [
      {field: 'path', expected: notation.link(hop.link), actual: 'no real server was chosen'},
    ];
  const shared = sharedNetworks(a, b);
  const network = shared.includes(crossing.network) ? crossing.network : shared[0];
  if (network === undefined)
    return [
      {
        field: 'network',
        expected: `a network that ${a.name} and ${b.name} share`,
        actual: crossing.network,
      },
    ];
  const mac = (node: typeof a): string => interfaceOn(node, network)?.mac ?? '';
  return [
    ...differ('network', network, crossing.network),
    ...differ('eth.src', mac(a), fields.get('eth.src') ?? '-', notation.named),
    ...differ('eth.dst', mac(b), fields.get('eth.dst') ?? '-', notation.named),
  ];
}

/** The address, of another family where one is given, that a name stands for in the connection at hand; the name itself when it stands for none. */
export function addressFor({names, connection}: Setting, name: string, family?: Family): string {
  const own = new Map([
    [chosenAddress, connection.server?.address ?? chosenAddress],
    [clientAddress, connection.client],
    [virtualAddress, connection.virtual?.address],
  ]);
  return own.get(name) ?? names.address(name, family) ?? name;
}

/** Encapsulation and IP addresses, outer and inner, where they are not the hop's. */
export function compareAddresses(setting: Setting, hop: Hop, {any}: Crossing): Mismatch[] {
  const {notation} = setting;
  const headers = ipHeaders(any.packet);
  const kinds = encapsulations(any.packet);
  const expectedKinds =
    hop.encapsulation === 'none' ? [] : Array<string>(hop.ip.length - 1).fill(hop.encapsulation);
  const carrier = differ(
    'encapsulation',
    expectedKinds.join(' in ') || 'none',
    kinds.join(' in ') || 'none',
  );
  // A tunnel's outer header is of the real server's family.
  const outer = setting.connection.server?.family;
  const address = (name: string, depth: number): string =>
    addressFor(setting, name, depth === 0 ? undefined : outer);
  // The innermost addresses can be compared even when the packet is not wrapped as it should be.
  return [
    ...carrier,
    ...hop.ip.toReversed().flatMap((pair, depth) => {
      const header = headers.at(-1 - depth);
      if (header === undefined) return [];
      const prefix = depth === 0 ? 'ip' : 'outer.ip';
      return [
        ...differ(`${prefix}.src`, address(pair.source, depth), header.source, notation.named),
        ...differ(
          `${prefix}.dst`,
          address(pair.destination, depth),
          header.destination,
          notation.named,
        ),
      ];
    }),
  ];
}

function comparePorts({connection}: Setting, hop: Hop, {any}: Crossing): Mismatch[] {
  const header = transport(any.packet);
  if (header === undefined)
    return [
      {field: 'decode', expected: 'a transport header', actual: any.packet.stop?.reason ?? 'none'},
    ];
  const compare = (side: string, name: string | undefined, actual: number): Mismatch[] => {
    if (name === undefined) return [];
    const expected = /^\d+$/.test(name) ? Number(name) : (connection.ports.get(name) ?? actual);
    if (!/^\d+$/.test(name)) connection.ports.set(name, expected);
    return differ(`${header.kind}.${side}`, String(expected), String(actual));
  };
  return [
    ...compare('srcport', hop.ports?.source, header.sourcePort),
    ...compare('dstport', hop.ports?.destination, header.destinationPort),
  ];
}

/** A forwarder takes one off the TTL (RFC 1812, 5.3.1). */
export function compareTtl(hop: Hop, {any}: Crossing, before: Crossing | undefined): Mismatch[] {
  const ttl = (sighting: Sighting): number | undefined => {
    const ip = innermostIp(sighting.packet);
    return ip?.kind === 'ipv4' ? ip.ttl : ip?.hopLimit;
  };
  const was = before === undefined ? undefined : ttl(before.any);
  if (was === undefined || hop.ttl === undefined) return [];
  return differ('ip.ttl', String(was + hop.ttl), String(ttl(any) ?? '-'));
}

/**
 * What no hop may rewrite: all of the innermost packet but TTL, addresses, ports and what follows from them. Where addresses
 * are rewritten in a connection that a helper reads, what the helper must do is done before.
 */
function compareContent(
  {connection: {control}}: Setting,
  {direction}: Hop,
  {any: is}: Crossing,
  before: Crossing | undefined,
): Mismatch[] {
  if (before === undefined) return [];
  const [a, b] = [tupleIn(before.any.packet), tupleIn(is.packet)];
  const rewritten = a === undefined || b === undefined || tupleKey(a) !== tupleKey(b);
  const was =
    control !== undefined && rewritten ? helped(control, direction, before.any) : before.any;
  // An IPv4 sender may leave it out (RFC 768), but no node on the way may take it off.
  if (writtenSum(was) !== 0 && writtenSum(is) === 0)
    return [{field: 'udp.checksum', expected: 'a checksum', actual: 'none'}];
  if (fixedBytes(was, rewritten).equals(fixedBytes(is, rewritten))) return [];
  const changeable = new Set([...rewritable(was.packet).keys(), ...rewritable(is.packet).keys()]);
  const changed = differences(allFields(was), allFields(is)).filter(
    ({field}) =>
      !changeable.has(field) && field !== 'ip.checksum' && !(rewritten && isChecksum(field)),
  );
  return changed.length === 0
    ? [{field: 'bytes', expected: 'the bytes of the hop before', actual: 'other bytes'}]
    : changed.map(({field, before: expected, after: actual}) => ({field, expected, actual}));
}

/** The UDP checksum as it is written; undefined where there is no UDP header. */
function writtenSum({frame, packet}: Sighting): number | undefined {
  const header = transport(packet);
  return header?.kind === 'udp'
    ? Buffer.from(frame.bytes).readUInt16BE(header.offset + 6)
    : undefined;
}

/** The innermost packet with all that may change blanked; checksums over addresses and ports only when those changed. */
function fixedBytes({frame, packet}: Sighting, rewritten: boolean): Buffer {
  const ip = innermostIp(packet);
  const start = ip?.offset ?? 0;
  const bytes = Buffer.from(
    frame.bytes.subarray(start, packet.payload.offset + packet.payload.length),
  );
  if (ip?.kind === 'ipv4') bytes.fill(0, 8, 9).fill(0, 10, 20);
  else if (ip !== undefined) bytes.fill(0, 7, 40);
  const header = transport(packet);
  if (header !== undefined) {
    const at = header.offset - start;
    const [checksum, length] = checksums[header.kind];
    bytes.fill(0, at, at + 4);
    if (rewritten) bytes.fill(0, at + checksum, at + checksum + length);
  }
  return bytes;
}

/** Where the checksum stands in a header, and its length. */
const checksums = {tcp: [16, 2], udp: [6, 2], sctp: [8, 4]} as const;

/** Checksums that are there must be good; a UDP length tells that of its datagram (RFC 768), also where no checksum covers it. */
export function compareIntegrity({any}: Crossing): Mismatch[] {
  const {headers} = any.packet;
  return headers.flatMap((header, i) => [
    ...('checksum' in header && header.checksum === 'bad'
      ? [{field: `${header.kind}.checksum`, expected: 'good', actual: 'bad'}]
      : []),
    ...(header.kind === 'udp'
      ? differ(
          'udp.length',
          String(roomIn(headers[i - 1]) ?? header.datagramLength),
          String(header.datagramLength),
        )
      : []),
  ]);
}

/** The bytes that an IP packet has behind its headers; undefined for a fragment and for anything else. */
function roomIn(ip: Header | undefined): number | undefined {
  if (ip?.kind === 'ipv4')
    return ip.moreFragments || ip.fragmentOffset > 0 ? undefined : ip.totalLength - ip.length;
  return ip?.kind === 'ipv6' && ip.fragment === undefined
    ? ip.payloadLength + 40 - ip.length
    : undefined;
}

/** A frame of a flow has one sender and one receiver; whoever else saw it got what was not meant for him. */
export const compareWitnesses = ({others}: Crossing): Mismatch[] =>
  others.map(other => ({
    field: 'path',
    expected: 'seen by its sender and its receiver only',
    actual: `seen at ${placeOf(other)} too`,
  }));
