import {isMulticast} from './ipvs-sync.ts';
import {concat, setU16, u16} from './bytes.ts';
import {complement, sum} from './checksum.ts';
import {chooseChecksum, type Fields, type Inner} from './layer.ts';
import {transportChecksum} from './pseudo.ts';
import type {ChecksumState, Kind, Udp} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 768): ports 2 and 2, length 2, checksum 2.
const headerLength = 8;

export function decodeUdp(walk: Walk): Kind | undefined {
  if (walk.lacks(headerLength, 'udp header')) return undefined;
  const {bytes, offset} = walk;
  const destinationPort = u16(bytes, offset + 2);
  const datagramLength = u16(bytes, offset + 4);
  const gue = walk.guePorts.includes(destinationPort);
  walk.add({
    kind: 'udp',
    offset,
    length: headerLength,
    sourcePort: u16(bytes, offset),
    destinationPort,
    datagramLength,
    checksum: check(walk, datagramLength, gue),
    checksumField: u16(bytes, offset + 6),
  });
  if (datagramLength < headerLength)
    return walk.halt(`udp length ${datagramLength} is below its header's ${headerLength}`);
  const end = offset + datagramLength;
  if (end > walk.end) walk.whole = false;
  walk.end = Math.min(walk.end, end);
  if (gue) return 'gue';
  return walk.syncPorts.includes(destinationPort) && isMulticast(walk.ip) ? 'ipvs-sync' : undefined;
}

/** 0 means "not computed" over IPv4; over IPv6 only tunnels may do so (RFC 6935), else it is an error. */
function check(walk: Walk, datagramLength: number, tunnel: boolean): ChecksumState {
  const {bytes, offset} = walk;
  if (offset + datagramLength > walk.end || datagramLength < headerLength) return 'none';
  if (u16(bytes, offset + 6) !== 0) return transportChecksum(walk, 17, datagramLength);
  return tunnel || walk.ip?.kind !== 'ipv6' || !walk.whole ? 'none' : 'bad';
}

export type UdpFields = Omit<Fields<Udp, 'sourcePort' | 'destinationPort'>, 'checksumField'>;

export function encodeUdp(fields: UdpFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  setU16(header, 0, fields.sourcePort);
  setU16(header, 2, fields.destinationPort);
  setU16(header, 4, fields.datagramLength ?? headerLength + inner.bytes.length);
  const datagram = concat(header, inner.bytes);
  const pseudo = inner.pseudoSum(17, datagram.length);
  // A computed 0 is sent as all ones, because 0 means "not computed".
  const computed = complement(sum(datagram, 0, datagram.length, pseudo)) || 0xffff;
  setU16(datagram, 6, chooseChecksum(fields.checksum, computed));
  return datagram;
}

export function printUdp(header: Udp): string {
  return `udp ${header.sourcePort} > ${header.destinationPort}`;
}
