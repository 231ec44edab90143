import {complement, sum} from '../wire/checksum.ts';
import {concat, setU16} from '../wire/bytes.ts';
import {ipHeaders} from '../wire/packet.ts';
import type {Ip, Packet} from '../wire/types.ts';

/** A fragment of an IP packet (RFC 791, RFC 8200), possibly the one that a tunnel put around another. */
export interface Fragment {
  /** The frame, up to the end of the fragment. */
  readonly bytes: Uint8Array;
  readonly ip: Ip;
  readonly offset: number;
  readonly more: boolean;
  /** The piece of the packet that it carries. */
  readonly body: Uint8Array;
}

/** The fragment that a frame is; undefined for a whole packet. */
export function fragmentIn(packet: Packet, bytes: Uint8Array): Fragment | undefined {
  const ip = ipHeaders(packet).find(isFragment);
  if (ip === undefined) return undefined;
  const [offset, more, length] =
    ip.kind === 'ipv4'
      ? [ip.fragmentOffset, ip.moreFragments, ip.totalLength]
      : [ip.fragment?.offset ?? 0, ip.fragment?.more ?? false, 40 + ip.payloadLength];
  const end = Math.min(bytes.length, ip.offset + length);
  return {
    bytes: bytes.subarray(0, end),
    ip,
    offset,
    more,
    body: bytes.subarray(ip.offset + headerLength(ip), end),
  };
}

const isFragment = (ip: Ip): boolean =>
  ip.kind === 'ipv4' ? ip.moreFragments || ip.fragmentOffset > 0 : ip.fragment !== undefined;

/** What stands before the fragmented part: of IPv6 up to the fragment header's end, whatever of the rest was read behind it. */
function headerLength(ip: Ip): number {
  if (ip.kind === 'ipv4') return ip.length;
  const header = ip.extensions.find(({type}) => type === fragmentHeader);
  return header === undefined ? ip.length : header.offset + header.length - ip.offset;
}

const fragmentHeader = 44;

/** All that fragments of one packet on one link have in common, as a key: MACs, addresses, id, TTL and the like. */
export function packetKey({bytes, ip}: Fragment): string {
  const fixed = Buffer.from(bytes.subarray(0, ip.offset + (ip.kind === 'ipv4' ? 20 : 40)));
  const at = ip.offset;
  if (ip.kind === 'ipv4') {
    // Length, MF and offset, checksum and header length (options need not be copied) are each fragment's own.
    fixed
      .fill(0, at, at + 1)
      .fill(0, at + 2, at + 4)
      .fill(0, at + 10, at + 12);
    fixed.writeUInt16BE(fixed.readUInt16BE(at + 6) & 0x4000, at + 6);
    return fixed.toString('latin1');
  }
  fixed.fill(0, at + 4, at + 6);
  return `${fixed.toString('latin1')} ${ip.fragment?.id}`;
}

/**
 * The frame as it would be had the packet not been fragmented, from its fragments in order of their offsets; undefined when
 * these are not exactly its pieces, or a header's checksum is bad.
 */
export function reassemble(fragments: readonly Fragment[]): Uint8Array | undefined {
  const [first] = fragments;
  if (first === undefined || fragments.length < 2) return undefined;
  let end = 0;
  for (const [i, {offset, more, body, ip}] of fragments.entries()) {
    const isLast = i === fragments.length - 1;
    if (offset !== end || more === isLast || (ip.kind === 'ipv4' && ip.checksum === 'bad'))
      return undefined;
    end += body.length;
  }
  const {bytes, ip} = first;
  const bodies = fragments.map(({body}) => body);
  const at = ip.offset;
  if (ip.kind === 'ipv4') {
    const whole = concat(bytes.subarray(0, at + ip.length), ...bodies);
    setU16(whole, at + 2, ip.length + end);
    setU16(whole, at + 6, ip.dontFragment ? 0x4000 : 0);
    setU16(whole, at + 10, 0);
    setU16(whole, at + 10, complement(sum(whole, at, at + ip.length)));
    return whole;
  }
  return unfragmented6(first, bodies);
}

/** Without the fragment header; what announced it announces what it announced (RFC 8200, 4.5). */
function unfragmented6(
  {bytes, ip}: Fragment,
  bodies: readonly Uint8Array[],
): Uint8Array | undefined {
  if (ip.kind !== 'ipv6') return undefined;
  const at = ip.extensions.findIndex(({type}) => type === fragmentHeader);
  const header = ip.extensions[at];
  if (header === undefined) return undefined;
  const before = ip.extensions[at - 1];
  const whole = concat(bytes.subarray(0, header.offset), ...bodies);
  whole[before === undefined ? ip.offset + 6 : before.offset] = bytes[header.offset] ?? 0;
  setU16(whole, ip.offset + 4, whole.length - ip.offset - 40);
  return whole;
}
