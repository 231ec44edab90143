import {InputError} from '../problem.ts';
import {concat, setU16, setU32, u16, view} from './bytes.ts';
import {complement, sum} from './checksum.ts';
import {decode} from './decode.ts';
import type {Ip, Ipv4, Ipv6} from './types.ts';

/**
 * The fragments of an IP packet, each at most `mtu` bytes long: from its first byte on, without Ethernet. An IPv4
 * packet keeps its id and its Don't Fragment flag; a fragment can be fragmented further. An IPv6 one gets `id`
 * and a fragment header behind its hop-by-hop and routing headers (RFC 791 2.3, RFC 8200 4.5).
 * @throws {InputError} for bytes that are no whole IP packet, an IPv6 fragment, or an MTU that eight bytes do not fit in.
 */
export function fragment(packet: Uint8Array, mtu: number, id = 1): readonly Uint8Array[] {
  const ip = ipOf(packet);
  return ip.kind === 'ipv4' ? fragmentIpv4(packet, ip, mtu) : fragmentIpv6(packet, ip, mtu, id);
}

/**
 * What an ICMP error quotes of an IP packet. Without `behind`, as much as Linux does: an error is at most 576 bytes long
 * (icmp_send), an ICMPv6 one 1280 (RFC 4443 2.4). With it, the IP header and so many bytes: RFC 792 asks for eight.
 * @throws {InputError} for bytes that are no IP packet.
 */
export function quote(packet: Uint8Array, behind?: number): Uint8Array {
  const ip = ipOf(packet);
  const most = ip.kind === 'ipv4' ? 576 - 20 - 8 : 1280 - 40 - 8;
  const length = behind === undefined ? most : ip.length + behind;
  return view(packet, 0, Math.min(packet.length, length));
}

function ipOf(packet: Uint8Array): Ip {
  const decoded = decode({bytes: packet, linkType: 'raw', originalLength: packet.length});
  const [ip] = decoded.headers;
  if (ip?.kind === 'ipv4' || ip?.kind === 'ipv6') return ip;
  throw new InputError({
    what: 'no IP packet',
    value: decoded.stop?.reason ?? 'nothing',
    valid: ['the bytes of a packet from its IP header on'],
    next: 'build the packet without an ethernet layer',
  });
}

/** The pieces of `body`, each but the last a multiple of eight bytes that fits beside `header` bytes. */
function cut(body: Uint8Array, mtu: number, header: number): readonly [number, Uint8Array][] {
  const room = Math.floor((mtu - header) / 8) * 8;
  if (room < 8)
    throw new InputError({
      what: 'MTU too small for fragments',
      value: `${mtu}`,
      valid: [`${header + 8} or more: the headers and eight bytes`],
      next: 'give a larger MTU',
    });
  return Array.from({length: Math.max(1, Math.ceil(body.length / room))}, (_, i) => [
    i * room,
    body.subarray(i * room, (i + 1) * room),
  ]);
}

function fragmentIpv4(packet: Uint8Array, ip: Ipv4, mtu: number): readonly Uint8Array[] {
  const body = packet.subarray(ip.length, ip.totalLength);
  const later = copiedOptions(ip.options);
  return cut(body, mtu, ip.length).map(([at, piece]) => {
    const options = at === 0 ? ip.options : later;
    const header = concat(packet.subarray(0, 20), options);
    const more = ip.moreFragments || at + piece.length < body.length;
    header[0] = 0x40 | (header.length / 4);
    setU16(header, 2, header.length + piece.length);
    const flags = (ip.dontFragment ? 0x4000 : 0) | (more ? 0x2000 : 0);
    setU16(header, 6, flags | ((ip.fragmentOffset + at) / 8));
    setU16(header, 10, 0);
    setU16(header, 10, complement(sum(header, 0, header.length)));
    return concat(header, piece);
  });
}

/** The options that every fragment bears: those with the copied flag (RFC 791 3.1). */
function copiedOptions(options: Uint8Array): Uint8Array {
  const copied: Uint8Array[] = [];
  for (let at = 0; at < options.length;) {
    const type = options[at] ?? 0;
    if (type === 0) break;
    const length = type === 1 ? 1 : Math.max(2, options[at + 1] ?? 0);
    if ((type & 0x80) !== 0) copied.push(options.subarray(at, at + length));
    at += length;
  }
  const all = concat(...copied);
  return concat(all, new Uint8Array(-all.length & 3));
}

function fragmentIpv6(
  packet: Uint8Array,
  ip: Ipv6,
  mtu: number,
  id: number,
): readonly Uint8Array[] {
  if (ip.fragment !== undefined)
    throw new InputError({
      what: 'an IPv6 fragment cannot be fragmented again',
      value: `id ${ip.fragment.id} at ${ip.fragment.offset}`,
      next: 'fragment the whole packet with the smaller MTU',
    });
  const last = ip.extensions.findLast(({type}) => type === 0 || type === 43);
  const length = last === undefined ? 40 : last.offset + last.length;
  const nextAt = last === undefined ? 6 : last.offset;
  const body = packet.subarray(length, 40 + ip.payloadLength);
  return cut(body, mtu, length + 8).map(([at, piece]) => {
    const header = packet.slice(0, length);
    const fragmentHeader = new Uint8Array(8);
    fragmentHeader[0] = header[nextAt] ?? 0;
    setU16(fragmentHeader, 2, at | (at + piece.length < body.length ? 1 : 0));
    setU32(fragmentHeader, 4, id);
    header[nextAt] = 44;
    setU16(header, 4, u16(header, 4) - body.length + 8 + piece.length);
    return concat(header, fragmentHeader, piece);
  });
}
