import type {Crossing, Sighting} from '../trace/types.ts';
import {quote} from '../wire/fragment.ts';
import {innermostIp, ipHeaders} from '../wire/packet.ts';
import type {Icmp, Ip, Packet} from '../wire/types.ts';

/** The ICMP header that a packet ends with; undefined for any other packet. */
export function messageIn({headers}: Packet): Icmp | undefined {
  const last = headers.at(-1);
  return last?.kind === 'icmp' || last?.kind === 'icmpv6' ? last : undefined;
}

/** The packet that an ICMP error quotes, and its bytes as far as they are there. */
export interface Quote {
  readonly packet: Packet;
  readonly bytes: Buffer;
}

export function quoteIn({packet, frame}: Sighting): Quote | undefined {
  const message = messageIn(packet);
  if (message?.quoted === undefined) return undefined;
  const {offset, length} = packet.payload;
  return {
    packet: message.quoted,
    bytes: Buffer.from(frame.bytes.subarray(offset, offset + length)),
  };
}

/** What a node that follows Linux quotes of the packet that it got, and the TTL that the packet had. */
export function quotable({packet, frame}: Sighting): {
  readonly bytes: Buffer;
  readonly ttl: number;
} {
  const [ip] = ipHeaders(packet);
  if (ip === undefined) return {bytes: Buffer.alloc(0), ttl: 0};
  const end = packet.payload.offset + packet.payload.length;
  return {bytes: Buffer.from(quote(frame.bytes.subarray(ip.offset, end))), ttl: ttlOf(ip)};
}

export const ttlOf = (ip: Ip): number => (ip.kind === 'ipv4' ? ip.ttl : ip.hopLimit);

/** Whether the quote is of this packet, but for the TTL; a quote that is cut short is of every packet that begins like it. */
export function quotes({bytes}: Quote, packet: Buffer): boolean {
  const length = Math.min(bytes.length, packet.length);
  const [a, b] = [bytes, packet].map(one => withoutTtl(one.subarray(0, length)));
  return length >= shortest && a !== undefined && b !== undefined && a.equals(b);
}

/** An IPv4 header: less tells nothing. */
const shortest = 20;

function withoutTtl(packet: Buffer): Buffer {
  const bytes = Buffer.from(packet);
  if ((bytes[0] ?? 0) >>> 4 === 6) return bytes.fill(0, 7, 8);
  return bytes.fill(0, 8, 9).fill(0, 10, 12);
}

/**
 * The message and its IP header with all blanked that routers and NAT change: TTL, addresses and checksums, and of the quoted
 * packet addresses, ports and header checksum.
 */
export function constantOf(crossing: Crossing): Buffer {
  const {packet, frame} = crossing.any;
  const [message, own] = [messageIn(packet), innermostIp(packet)];
  if (message === undefined || own === undefined) return Buffer.alloc(0);
  const end = packet.payload.offset + packet.payload.length;
  const bytes = Buffer.from(frame.bytes.subarray(own.offset, end));
  const blank = (from: number, to: number): void => {
    bytes.fill(0, Math.min(from, bytes.length), Math.min(to, bytes.length));
  };
  const blankAddresses = (ip: Ip): void => {
    const at = ip.offset - own.offset;
    if (ip.kind === 'ipv4') blank(at + 10, at + 20);
    else blank(at + 8, at + 40);
  };
  blankAddresses(own);
  if (own.kind === 'ipv4') blank(8, 9);
  else blank(7, 8);
  blank(message.offset - own.offset + 2, message.offset - own.offset + 4);
  const quoted = message.quoted === undefined ? undefined : innermostIp(message.quoted);
  if (quoted === undefined) return bytes;
  blankAddresses(quoted);
  const at = quoted.offset - own.offset + quoted.length;
  if (ports.has(quoted.protocol)) blank(at, at + 4);
  return bytes;
}

/** TCP, UDP and SCTP begin with their ports. */
const ports = new Set([6, 17, 132]);
