import {formatIpv4, formatMac, parseFamily, parseMac} from './address.ts';
import {concat, setU16, u16, u32} from './bytes.ts';
import type {Fields, Inner} from './layer.ts';
import type {Arp} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 826, for IPv4 on Ethernet): hardware type 2, protocol type 2, their address lengths 1 and 1,
// operation 2, sender MAC 6, sender IP 4, target MAC 6, target IP 4.
const headerLength = 28;

export function decodeArp(walk: Walk): undefined {
  if (walk.lacks(headerLength, 'arp packet')) return undefined;
  const {bytes, offset} = walk;
  if (u32(bytes, offset) !== 0x00010800 || u16(bytes, offset + 4) !== 0x0604)
    return walk.halt('arp for other than IPv4 on Ethernet is not decoded');
  walk.add({
    kind: 'arp',
    offset,
    length: headerLength,
    operation: u16(bytes, offset + 6),
    senderMac: formatMac(bytes, offset + 8),
    senderIp: formatIpv4(bytes, offset + 14),
    targetMac: formatMac(bytes, offset + 18),
    targetIp: formatIpv4(bytes, offset + 24),
  });
  // Nothing follows ARP: what is left is padding.
  walk.end = walk.offset;
  return undefined;
}

export type ArpFields = Fields<Arp, 'operation' | 'senderMac' | 'senderIp' | 'targetIp'>;

export function encodeArp(fields: ArpFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  header.set([0, 1, 8, 0, 6, 4]);
  setU16(header, 6, fields.operation);
  header.set(parseMac(fields.senderMac), 8);
  header.set(parseFamily(fields.senderIp, 'ipv4'), 14);
  header.set(parseMac(fields.targetMac ?? '00:00:00:00:00:00'), 18);
  header.set(parseFamily(fields.targetIp, 'ipv4'), 24);
  return concat(header, inner.bytes);
}

export function printArp(header: Arp, name: (address: string) => string): string {
  const sender = name(header.senderIp);
  const target = name(header.targetIp);
  if (header.operation === 1) return `arp who-has ${target} tell ${sender}`;
  if (header.operation === 2) return `arp ${sender} is-at ${name(header.senderMac)}`;
  return `arp operation ${header.operation} ${sender} > ${target}`;
}
