import {isIcmpError} from '../wire/icmp.ts';
import {isIp} from '../wire/ipip.ts';
import {innermostIp} from '../wire/packet.ts';
import type {Icmp, Ip, Packet} from '../wire/types.ts';

/** Two ends of a connection as a packet names them; `ip` is where its IP header begins in the frame. */
export interface MessageEnds {
  readonly ip: number;
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** What following needs of an ICMP or ICMPv6 message. */
export interface Message {
  readonly isError: boolean;
  /** An error's are those of the packet that it quotes, which went the other way; else its own, an echo's id for a port. */
  readonly ends: MessageEnds;
  readonly quotes: boolean;
  /** From its type on, without what NAT and routers change: checksums, and in a quote addresses, ports and TTL too. */
  readonly constant: Uint8Array;
}

/** Echo request and reply (RFC 792, RFC 4443). */
const echoes = {icmp: [8, 0], icmpv6: [128, 129]} as const;
const messageKinds: Readonly<Record<number, Icmp['kind']>> = {1: 'icmp', 58: 'icmpv6'};

/**
 * The ICMP error or echo of a frame; undefined for any other packet, and for messages that no connection has (neighbour
 * discovery, multicast listeners).
 */
export function messageOf(packet: Packet, bytes: Uint8Array): Message | undefined {
  const header = packet.headers.at(-1);
  const ip = innermostIp(packet);
  if (ip === undefined || (header?.kind !== 'icmp' && header?.kind !== 'icmpv6')) return undefined;
  const isError = isIcmpError(header.kind, header.type);
  const isEcho = echoes[header.kind].some(type => type === header.type);
  if (!isError && !isEcho) return undefined;
  const end = packet.payload.offset + packet.payload.length;
  // A copy of its own: bytes may be a Buffer, whose slices share memory.
  const constant = Uint8Array.from(bytes.subarray(header.offset, end));
  blank(constant, 2, 4);
  if (isEcho) blank(constant, 4, 6);
  const quoted = quotedEnds(header, bytes, end);
  for (const one of header.quoted?.headers.filter(isIp) ?? [])
    blankQuoted(constant, one, header.offset);
  const id = isEcho ? header.rest >>> 16 : 0;
  const own = {...endsOf(ip), sourcePort: id, destinationPort: id};
  return {isError, ends: quoted ?? own, quotes: quoted !== undefined, constant};
}

/** The ends of the packet that an error quotes; undefined when the quote has no ports: cut short, or no first fragment. */
function quotedEnds({quoted}: Icmp, bytes: Uint8Array, end: number): MessageEnds | undefined {
  const ip = quoted === undefined ? undefined : innermostIp(quoted);
  if (ip === undefined || isLaterFragment(ip)) return undefined;
  const at = ip.offset + ip.length;
  const word = (offset: number): number => ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  const kind = messageKinds[ip.protocol];
  if (kind !== undefined) {
    const isEcho = echoes[kind].some(type => type === bytes[at]);
    if (!isEcho || at + 6 > end) return undefined;
    return {...endsOf(ip), sourcePort: word(at + 4), destinationPort: word(at + 4)};
  }
  if (!(ip.protocol in checksums) || at + 4 > end) return undefined;
  return {...endsOf(ip), sourcePort: word(at), destinationPort: word(at + 2)};
}

const endsOf = (ip: Ip): Pick<MessageEnds, 'ip' | 'family' | 'protocol'> => ({
  ip: ip.offset,
  family: ip.kind === 'ipv4' ? 4 : 6,
  protocol: ip.protocol,
});

const isLaterFragment = (ip: Ip): boolean =>
  (ip.kind === 'ipv4' ? ip.fragmentOffset : (ip.fragment?.offset ?? 0)) > 0;

/** Where the checksum of TCP, UDP and SCTP stands, and where it ends. */
const checksums: Readonly<Record<number, readonly [number, number]>> = {
  6: [16, 18],
  17: [6, 8],
  132: [8, 12],
};

/** Blanks what may change of a quoted packet; `start` is where the message begins in the frame. */
function blankQuoted(constant: Uint8Array, ip: Ip, start: number): void {
  const at = ip.offset - start;
  if (ip.kind === 'ipv4') {
    blank(constant, at + 8, at + 9);
    blank(constant, at + 10, at + 20);
  } else blank(constant, at + 7, at + 40);
  if (isLaterFragment(ip)) return;
  const content = at + ip.length;
  const checksum = checksums[ip.protocol];
  if (checksum !== undefined) {
    blank(constant, content, content + 4);
    blank(constant, content + checksum[0], content + checksum[1]);
  } else if (messageKinds[ip.protocol] !== undefined) {
    blank(constant, content + 2, content + 6);
  }
}

function blank(bytes: Uint8Array, from: number, to: number): void {
  bytes.fill(0, Math.min(from, bytes.length), Math.min(to, bytes.length));
}
