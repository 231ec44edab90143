import {links} from '../wire/frame-table.ts';
import {type Outline, shapes} from './outline.ts';

/** EtherTypes and protocol numbers of what is read here (IANA ieee-802-numbers and protocol-numbers). */
const vlanTag = 0x8100;
const outerVlanTag = 0x88a8;
const [ipInIp, tcp, udp, ipv6InIp] = [4, 6, 17, 41];

/**
 * Fills the outline of a plain packet without decoding it: whole TCP and UDP in IPv4 or IPv6, also in IP in IP and
 * with VLAN tags. False for all others and all that is odd (fragments, extension headers, GRE, GUE, what is cut
 * short, UDP to `decodedPorts`): the full decoder (src/wire) must be asked. What is read here must be just what that
 * decoder would say. `link` is a code of `links`; the frame is `data` from `start` up to `stop`.
 */
export function scan(
  data: DataView,
  start: number,
  stop: number,
  link: number,
  decodedPorts: readonly number[],
  outline: Outline,
): boolean {
  let at = start;
  let end = stop;
  let headers = 0;
  let protocol: number;
  if (link === links.ethernet) {
    if (end - at < 14) return false;
    let etherType = data.getUint16(at + 12);
    at += 14;
    headers = 1;
    while (etherType === vlanTag || etherType === outerVlanTag) {
      if (end - at < 4) return false;
      etherType = data.getUint16(at + 2);
      at += 4;
      headers++;
    }
    if (etherType !== 0x0800 && etherType !== 0x86dd) return false;
    protocol = etherType === 0x0800 ? ipInIp : ipv6InIp;
  } else {
    if (link !== links.raw || end <= at) return false;
    protocol = data.getUint8(at) >>> 4 === 4 ? ipInIp : ipv6InIp;
  }
  while (protocol === ipInIp || protocol === ipv6InIp) {
    const length =
      protocol === ipInIp ? scanIpv4(data, at, end, outline) : scanIpv6(data, at, end, outline);
    if (length === 0) return false;
    at += length;
    end = outline.end;
    protocol = outline.protocol;
    headers++;
  }
  if (protocol === tcp) {
    if (end - at < 20) return false;
    const length = (data.getUint8(at + 12) >>> 4) * 4;
    if (length < 20 || end - at < length) return false;
    const isSyn = (data.getUint8(at + 13) & 0x12) === 0x02;
    outline.opens = isSyn ? data.getUint32(at + 4) : -1;
    outline.shape = shapes.tcp;
  } else if (protocol === udp) {
    if (end - at < 8 || decodedPorts.includes(data.getUint16(at + 2))) return false;
    const length = data.getUint16(at + 4);
    if (length >= 8) outline.end = Math.min(end, at + length);
    outline.opens = -1;
    outline.shape = shapes.udp;
  } else return false;
  outline.fragmentOffset = 0;
  outline.headers = headers + 1;
  outline.content = at;
  return true;
}

/** Reads a whole, unfragmented IPv4 header (RFC 791). @returns its length, 0 for any other. */
function scanIpv4(data: DataView, at: number, end: number, outline: Outline): number {
  if (end - at < 20) return 0;
  const first = data.getUint8(at);
  const length = (first & 0x0f) * 4;
  const totalLength = data.getUint16(at + 2);
  const isFragment = (data.getUint16(at + 6) & 0x3fff) !== 0;
  if (first >>> 4 !== 4 || length < 20 || end - at < length || totalLength < length || isFragment)
    return 0;
  outline.family = 4;
  outline.ip = at;
  outline.id = data.getUint16(at + 4);
  outline.hops = data.getUint8(at + 8);
  outline.protocol = data.getUint8(at + 9);
  outline.end = Math.min(end, at + totalLength);
  return length;
}

/** Reads an IPv6 header (RFC 8200). @returns its length, 0 for any other. An extension header ends the scan later. */
function scanIpv6(data: DataView, at: number, end: number, outline: Outline): number {
  if (end - at < 40 || data.getUint8(at) >>> 4 !== 6) return 0;
  outline.family = 6;
  outline.ip = at;
  outline.id = 0;
  outline.hops = data.getUint8(at + 7);
  outline.protocol = data.getUint8(at + 6);
  outline.end = Math.min(end, at + 40 + data.getUint16(at + 4));
  return 40;
}
