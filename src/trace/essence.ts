import {hash} from 'node:crypto';
import {innermostIp, transport} from '../wire/packet.ts';
import type {Ip, Packet} from '../wire/types.ts';
import type {Crossing, Flow, Path, Sighting, Tuple} from './types.ts';

/**
 * What stays the same of a packet through NAT, tunnels and routers, and the addresses by which it goes now: the readable
 * form, for single packets, of what `Essences` holds of all.
 */
export interface Essence {
  readonly ip: Ip;
  readonly tuple: Tuple;
  /** Equal for the same packet before and after every rewrite that IPVS and netfilter do. */
  readonly identity: string;
  /** The sequence number of a TCP SYN that opens a connection (no ACK). */
  readonly opens: number | undefined;
}

/** Where the 16-bit words stand that NAT rewrites: ports and checksum, which in SCTP has two of them. */
const rewrittenWords = {tcp: [0, 2, 16], udp: [0, 2, 6], sctp: [0, 2, 8, 10]} as const;

/** The essence of a TCP, UDP or SCTP packet; undefined for all others and for fragments after the first. */
export function essenceOf({frame, packet}: Sighting): Essence | undefined {
  const ip = innermostIp(packet);
  const header = transport(packet);
  if (ip === undefined || header === undefined) return undefined;
  return {
    ip,
    tuple: tupleOf(ip, header.sourcePort, header.destinationPort),
    identity: digest(ip, packet, frame.bytes, header.offset, rewrittenWords[header.kind]),
    opens:
      header.kind === 'tcp' && header.flags.includes('S') && !header.flags.includes('.')
        ? header.sequence
        : undefined,
  };
}

/** Which fragments are of one datagram (RFC 791, RFC 8200); undefined when the packet is no fragment. */
export function fragmentKey(ip: Ip): string | undefined {
  const id =
    ip.kind === 'ipv4'
      ? ip.moreFragments || ip.fragmentOffset > 0
        ? ip.id
        : undefined
      : ip.fragment?.id;
  return id === undefined ? undefined : `${ip.source} ${ip.destination} ${ip.protocol} ${id}`;
}

const fragmentOffset = (ip: Ip): number =>
  ip.kind === 'ipv4' ? ip.fragmentOffset : (ip.fragment?.offset ?? 0);

const tupleOf = (ip: Ip, sourcePort: number, destinationPort: number): Tuple => ({
  protocol: ip.protocol,
  source: ip.source,
  sourcePort,
  destination: ip.destination,
  destinationPort,
});

/** Hashes the packet from `start`, without the 16-bit words that NAT rewrites: ports and checksums. */
function digest(
  ip: Ip,
  packet: Packet,
  bytes: Uint8Array,
  start: number,
  masked: readonly number[],
): string {
  const content = Buffer.from(bytes.subarray(start, packet.payload.offset + packet.payload.length));
  for (const at of masked) content.fill(0, at, at + 2);
  const id = ip.kind === 'ipv4' ? ip.id : (ip.fragment?.id ?? 0);
  return `${ip.protocol} ${id} ${fragmentOffset(ip)} ${hash('sha256', content, 'base64')}`;
}

/** The innermost tuple of a TCP, UDP or SCTP packet. */
export function tupleIn(packet: Packet): Tuple | undefined {
  const ip = innermostIp(packet);
  const header = transport(packet);
  return ip === undefined || header === undefined
    ? undefined
    : tupleOf(ip, header.sourcePort, header.destinationPort);
}

/** A tuple in its direction, as a key. */
export const tupleKey = (tuple: Tuple): string =>
  `${tuple.protocol} ${tuple.source} ${tuple.sourcePort} ${tuple.destination} ${tuple.destinationPort}`;

/** The paths of a flow's packets and of the ICMP errors that quote them. */
export const allPaths = ({paths, errors}: Flow): readonly Path[] => [...paths, ...errors];

/** When the frame left its sender, as nearly as the captures tell (nanoseconds since the epoch). */
export const departure = ({sent, received, any}: Crossing): bigint =>
  (sent ?? received ?? any).frame.time;

/** When the frame came to its receiver, as nearly as the captures tell. */
export const arrival = ({received, any}: Crossing): bigint => (received ?? any).frame.time;

/** A crossing frame by frame: its fragments, or itself. */
export const partsOf = (crossing: Crossing): readonly Crossing[] =>
  crossing.fragments.length > 0 ? crossing.fragments : [crossing];

/** All interfaces that saw the frame. */
export const sightingsOf = ({sent, received, others}: Crossing): readonly Sighting[] =>
  [sent, received, ...others].filter(sighting => sighting !== undefined);

/** `frame 14, director eth1`. */
export const placeOf = ({frame, node, interface: name}: Sighting): string =>
  `frame ${frame.number}, ${node} ${name}`;
