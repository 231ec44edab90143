import {parseFamily} from '../../wire/address.ts';
import {decode} from '../../wire/decode.ts';
import {innermostIp, transport} from '../../wire/packet.ts';
import type {ChecksumState, Header, Icmp, Ip, LinkType, Packet} from '../../wire/types.ts';

/** A frame's bytes with what they say. */
export interface Decoded {
  readonly bytes: Uint8Array;
  readonly packet: Packet;
}

/**
 * The innermost packet of a frame from its IP header on, with all checksums blanked, and what they were: two nodes may
 * write one good checksum in two ways, and a rewrite changes it.
 */
export interface Inner {
  readonly bytes: Buffer;
  readonly checksums: Checksums;
  /**
   * A checksum of TCP, UDP, SCTP or ICMP that is bad, none, or of a fragment, as it is written, in hex: who rewrites nothing that
   * it covers passes it on as it is. Undefined where it is good, and where it may have been adjusted.
   */
  readonly asWritten?: string | undefined;
}

export interface Checksums {
  readonly ip: ChecksumState;
  /** Of TCP, UDP, SCTP or ICMP. */
  readonly transport: ChecksumState;
  /** Of the IP header that an ICMP error quotes. */
  readonly quoted: ChecksumState;
}

/** An innermost packet as it is printed: what its blanked checksums would be worth is not told. */
export function printable({bytes}: Pick<Inner, 'bytes'>): Packet {
  const {packet} = decoded(bytes, 'raw');
  const without = (header: Header): Header => {
    const {kind} = header;
    if (kind === 'icmp' || kind === 'icmpv6') {
      const quoted = header.quoted && {
        ...header.quoted,
        headers: header.quoted.headers.map(without),
      };
      return {...header, checksum: 'none', quoted};
    }
    return 'checksum' in header ? {...header, checksum: 'none'} : header;
  };
  return {...packet, headers: packet.headers.map(without)};
}

/** What a hop says of the innermost packet. */
export interface Change {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
  /** Added to the TTL or hop limit. */
  readonly ttl?: number | undefined;
}

/** Decodes bytes, of an Ethernet frame or, `raw`, of an IP packet. */
export const decoded = (bytes: Uint8Array, linkType: LinkType = 'ethernet'): Decoded => ({
  bytes,
  packet: decode({bytes, linkType, originalLength: bytes.length}),
});

/** The innermost packet of a frame; undefined without IP. */
export function innerOf({bytes, packet}: Decoded): Inner | undefined {
  const ip = innermostIp(packet);
  if (ip === undefined) return undefined;
  const end = packet.payload.offset + packet.payload.length;
  const inner = Buffer.from(bytes.subarray(ip.offset, end));
  const own = [ip, messageOf(packet)].filter(header => header !== undefined);
  const quoted = quotedBy(packet);
  for (const header of [...own, ...(quoted?.headers ?? [])]) blank(inner, header, ip.offset);
  return {
    bytes: inner,
    checksums: {
      ip: ip.kind === 'ipv4' ? ip.checksum : 'none',
      transport: checksumOf(messageOf(packet)),
      quoted: checksumOf(quoted?.headers[0]),
    },
    asWritten: asWrittenOf(messageOf(packet), bytes),
  };
}

const checksumOf = (header: Header | undefined): ChecksumState =>
  header !== undefined && 'checksum' in header ? header.checksum : 'none';

function asWrittenOf(header: Header | undefined, bytes: Uint8Array): string | undefined {
  const place = header === undefined ? undefined : checksumAt[header.kind];
  if (header === undefined || place === undefined || checksumOf(header) === 'good')
    return undefined;
  const at = header.offset + place[0];
  return Buffer.from(bytes.subarray(at, at + place[1])).toString('hex');
}

/** The header behind the innermost IP header that has a checksum over all of the packet. */
export const messageOf = (packet: Packet): ReturnType<typeof transport> | Icmp =>
  transport(packet) ?? icmpOf(packet);

/** The ICMP header of the innermost packet. */
export function icmpOf(packet: Packet): Icmp | undefined {
  const last = packet.headers.at(-1);
  return last?.kind === 'icmp' || last?.kind === 'icmpv6' ? last : undefined;
}

/** The packet that an ICMP error quotes. */
export const quotedBy = (packet: Packet): Packet | undefined => icmpOf(packet)?.quoted;

/** Where the checksum stands in a header, and its length. */
const checksumAt: Partial<Record<Header['kind'], readonly [number, number]>> = {
  ipv4: [10, 2],
  tcp: [16, 2],
  udp: [6, 2],
  sctp: [8, 4],
  icmp: [2, 2],
  icmpv6: [2, 2],
};

/** Blanks the checksum of a header, as far as it is there; the bytes begin at `base` of the frame. */
export function blank(bytes: Buffer, header: Header, base: number): void {
  const place = checksumAt[header.kind];
  if (place === undefined) return;
  const at = header.offset - base + place[0];
  bytes.fill(0, Math.min(at, bytes.length), Math.min(at + place[1], bytes.length));
}

/** The innermost packet behind the next node: rewritten as the hop says, the quoted packet too. */
export function rewritten(
  before: Decoded,
  change: Change,
  quote: Change | undefined,
): Inner | undefined {
  const inner = innerOf(before);
  const ip = innermostIp(before.packet);
  if (inner === undefined || ip === undefined) return undefined;
  const bytes = Buffer.from(inner.bytes);
  write(bytes, ip, transport(before.packet)?.offset, change, ip.offset);
  const quoted = quotedBy(before.packet);
  const quotedIp = quoted === undefined ? undefined : innermostIp(quoted);
  if (quote !== undefined && quoted !== undefined && quotedIp !== undefined)
    write(bytes, quotedIp, transport(quoted)?.offset, quote, ip.offset);
  const covered = (all: Buffer): Buffer => {
    const copy = Buffer.from(all);
    return copy.fill(0, ip.kind === 'ipv4' ? 8 : 7, ip.kind === 'ipv4' ? 9 : 8);
  };
  return {
    bytes,
    checksums: inner.checksums,
    asWritten: covered(bytes).equals(covered(inner.bytes)) ? inner.asWritten : undefined,
  };
}

function write(
  bytes: Buffer,
  ip: Ip,
  ports: number | undefined,
  {source, destination, sourcePort, destinationPort, ttl}: Change,
  base: number,
): void {
  const at = ip.offset - base;
  const v4 = ip.kind === 'ipv4';
  const put = (place: number, text: string | undefined): void => {
    // An address of the other family is a mismatch, and no place for it.
    if (text === undefined || text.includes(':') === v4) return;
    bytes.set(parseFamily(text, ip.kind), at + place);
  };
  put(v4 ? 12 : 8, source);
  put(v4 ? 16 : 24, destination);
  if (ttl !== undefined) {
    const place = at + (v4 ? 8 : 7);
    bytes.writeUInt8(((bytes[place] ?? 0) + ttl + 256) % 256, place);
  }
  if (ports === undefined) return;
  if (sourcePort !== undefined) bytes.writeUInt16BE(sourcePort, ports - base);
  if (destinationPort !== undefined) bytes.writeUInt16BE(destinationPort, ports - base + 2);
}
