import {InputError} from '../problem.ts';
import {parseFamily, parseMac} from './address.ts';
import {setU16, u16} from './bytes.ts';
import {adjust, pseudoDestination} from './checksum.ts';
import {decode, type DecodeOptions} from './decode.ts';
import {isIp} from './ipip.ts';
import type {Ethernet, Frame, Header, Ip, Tcp, Udp} from './types.ts';

/** The fields to set; what is absent stays. */
export interface Change {
  readonly sourceMac?: string | undefined;
  readonly destinationMac?: string | undefined;
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
  /** TTL or hop limit. */
  readonly ttl?: number | undefined;
}

export interface PatchOptions extends DecodeOptions {
  /** `fix` (default) carries each change into every checksum over it, as NAT does (RFC 1624); a bad one stays bad. */
  readonly checksums?: 'fix' | 'keep' | undefined;
  /** Which IP header, 0 the outermost; the innermost by default. Ports are those of its own TCP or UDP header. */
  readonly ip?: number | undefined;
  /** Changes the packet that an ICMP error quotes instead. */
  readonly quoted?: boolean | undefined;
}

/**
 * A frame's bytes with some fields changed; the frame itself stays as it is.
 * @throws {InputError} when the frame lacks a header that a change needs, or an address does not fit in it.
 */
export function patch(
  frame: Pick<Frame, 'bytes' | 'linkType' | 'originalLength'>,
  change: Change,
  options: PatchOptions = {},
): Uint8Array {
  const packet = decode(frame, options);
  const quoted = packet.headers.flatMap(header =>
    header.kind === 'icmp' || header.kind === 'icmpv6' ? (header.quoted?.headers ?? []) : [],
  );
  const chosen = options.quoted === true ? quoted : packet.headers;
  const target = targets(chosen, options.ip);
  const bytes = Uint8Array.from(frame.bytes);
  const all = options.checksums === 'keep' ? [] : [...packet.headers, ...quoted];
  const write = (offset: number, value: Uint8Array) => {
    for (let i = 0; i < value.length; i += 2) setWord(bytes, all, offset + i, u16(value, i));
  };
  const writePort = (offset: number, port: number) => setWord(bytes, all, offset, port);

  const {sourceMac, destinationMac, source, destination, ttl} = change;
  const {sourcePort, destinationPort} = change;
  if (sourceMac !== undefined) write(target.ethernet().offset + 6, parseMac(sourceMac));
  if (destinationMac !== undefined) write(target.ethernet().offset, parseMac(destinationMac));
  if (source !== undefined) {
    const {kind, offset} = target.ip();
    write(offset + (kind === 'ipv4' ? 12 : 8), parseFamily(source, kind));
  }
  if (destination !== undefined) {
    const {kind, offset} = target.ip();
    write(offset + (kind === 'ipv4' ? 16 : 24), parseFamily(destination, kind));
  }
  if (ttl !== undefined) {
    const {kind, offset} = target.ip();
    // Checksums work on words: TTL and protocol are one, next header and hop limit another.
    if (kind === 'ipv4') write(offset + 8, Uint8Array.of(ttl, bytes[offset + 9] ?? 0));
    else write(offset + 6, Uint8Array.of(bytes[offset + 6] ?? 0, ttl));
  }
  if (sourcePort !== undefined) writePort(target.transport().offset, sourcePort);
  if (destinationPort !== undefined) writePort(target.transport().offset + 2, destinationPort);
  return bytes;
}

interface Targets {
  ethernet(): Ethernet;
  ip(): Ip;
  transport(): Tcp | Udp;
}

function targets(headers: readonly Header[], ipIndex: number | undefined): Targets {
  const ip = headers.filter(isIp).at(ipIndex ?? -1);
  const inside = ip === undefined ? [] : headers.slice(headers.indexOf(ip) + 1);
  const transport = inside[0];
  return {
    ethernet: () =>
      headers.find(header => header.kind === 'ethernet') ?? missing('ethernet', headers),
    ip: () => ip ?? missing('IP', headers),
    transport: () =>
      transport?.kind === 'tcp' || transport?.kind === 'udp'
        ? transport
        : missing('tcp or udp', headers),
  };
}

function missing(what: string, headers: readonly Header[]): never {
  throw new InputError({
    what: `no ${what} header to change in this frame`,
    value: headers.map(({kind}) => kind).join(' '),
    next: 'choose another frame, or another IP header of it',
  });
}

/** Sets a 16-bit word and adjusts every checksum over it; these are words under outer checksums in turn. */
function setWord(
  bytes: Uint8Array,
  headers: readonly Header[],
  offset: number,
  value: number,
): void {
  const before = u16(bytes, offset);
  setU16(bytes, offset, value);
  for (const [i, header] of headers.entries()) {
    const field = checksumField(header);
    if (field === undefined || field === offset || !covers(bytes, headers, i, offset)) continue;
    const checksum = u16(bytes, field);
    if (header.kind === 'udp' && checksum === 0) continue;
    const adjusted = adjust(checksum, before, value);
    setWord(bytes, headers, field, header.kind === 'udp' ? adjusted || 0xffff : adjusted);
  }
}

/** Where a header's checksum stands in the frame, undefined when it has none. */
function checksumField(header: Header): number | undefined {
  switch (header.kind) {
    case 'ipv4':
      return header.offset + 10;
    case 'tcp':
      return header.offset + 16;
    case 'udp':
    case 'vrrp':
      return header.offset + 6;
    case 'icmp':
    case 'icmpv6':
      return header.offset + 2;
    case 'gre':
      return header.hasChecksum ? header.offset + 4 : undefined;
    default:
      return undefined;
  }
}

/** Whether the checksum of header `index` covers the word at `offset`, itself or by its pseudo header. */
function covers(
  bytes: Uint8Array,
  headers: readonly Header[],
  index: number,
  offset: number,
): boolean {
  const header = headers[index];
  if (header === undefined) return false;
  const behind = offset >= header.offset;
  if (header.kind === 'ipv4') return behind && offset < header.offset + header.length;
  if (behind || header.kind === 'gre' || header.kind === 'icmp') return behind;
  if (header.kind === 'vrrp' && (header.version === 2 || header.pseudoHeader !== true))
    return false;
  const ip = headers.slice(0, index).findLast(isIp);
  if (ip === undefined) return false;
  const within = (start: number) => offset >= start && offset < start + size;
  const size = ip.kind === 'ipv4' ? 4 : 16;
  const destination = pseudoDestination(bytes, ip);
  return (
    within(ip.offset + (ip.kind === 'ipv4' ? 12 : 8)) ||
    (destination !== undefined && within(destination))
  );
}
