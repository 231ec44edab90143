import {formatIpv4, parseFamily} from './address.ts';
import {concat, nothing, setU16, u16, view} from './bytes.ts';
import {complement, sum, verify} from './checksum.ts';
import {afterProtocol} from './ipip.ts';
import {chooseChecksum, type Fields, type Inner} from './layer.ts';
import {protocolFor} from './numbers.ts';
import type {Ipv4, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 791): version and header length 1, TOS 1, total length 2, id 2, flags and fragment offset 2,
// TTL 1, protocol 1, checksum 2, source 4, destination 4, options.
const fixedLength = 20;

export function decodeIpv4(walk: Walk): Kind | undefined {
  if (walk.lacks(fixedLength, 'ipv4 header')) return undefined;
  const {bytes, offset} = walk;
  const first = bytes[offset] ?? 0;
  if (first >>> 4 !== 4) return walk.halt(`ipv4 header with version ${first >>> 4}`);
  const length = (first & 0x0f) * 4;
  if (length < fixedLength)
    return walk.halt(`ipv4 header length ${length} is below ${fixedLength}`);
  if (walk.lacks(length, 'ipv4 header')) return undefined;
  const fragment = u16(bytes, offset + 6);
  const header: Ipv4 = {
    kind: 'ipv4',
    offset,
    length,
    source: formatIpv4(bytes, offset + 12),
    destination: formatIpv4(bytes, offset + 16),
    protocol: bytes[offset + 9] ?? 0,
    ttl: bytes[offset + 8] ?? 0,
    tos: bytes[offset + 1] ?? 0,
    id: u16(bytes, offset + 4),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    totalLength: u16(bytes, offset + 2),
    options: view(bytes, offset + fixedLength, length - fixedLength),
    checksum: verify(sum(bytes, offset, offset + length)),
  };
  walk.add(header);
  walk.ip = header;
  if (header.totalLength < length)
    return walk.halt(`ipv4 total length ${header.totalLength} is below its header's ${length}`);
  const end = offset + header.totalLength;
  walk.whole = end <= walk.end && !header.moreFragments && header.fragmentOffset === 0;
  walk.end = Math.min(walk.end, end);
  return afterProtocol(walk, header.protocol, header.fragmentOffset);
}

export type Ipv4Fields = Fields<Ipv4, 'source' | 'destination'>;

export function encodeIpv4(fields: Ipv4Fields, inner: Inner): Uint8Array {
  const options = fields.options ?? nothing;
  const length = fixedLength + Math.ceil(options.length / 4) * 4;
  const header = new Uint8Array(length);
  header[0] = 0x40 | (length / 4);
  header[1] = fields.tos ?? 0;
  setU16(header, 2, fields.totalLength ?? length + inner.bytes.length);
  setU16(header, 4, fields.id ?? 0);
  const flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
  setU16(header, 6, flags | Math.floor((fields.fragmentOffset ?? 0) / 8));
  header[8] = fields.ttl ?? 64;
  header[9] = fields.protocol ?? protocolFor('ipv4', inner.kind);
  header.set(parseFamily(fields.source, 'ipv4'), 12);
  header.set(parseFamily(fields.destination, 'ipv4'), 16);
  header.set(options, fixedLength);
  setU16(header, 10, chooseChecksum(fields.checksum, complement(sum(header, 0, length))));
  return concat(header, inner.bytes);
}

export function printIpv4(header: Ipv4, name: (address: string) => string): string {
  const {moreFragments, fragmentOffset} = header;
  const fragment =
    moreFragments || fragmentOffset > 0
      ? ` frag ${header.id} at ${fragmentOffset}${moreFragments ? '+' : ''}`
      : '';
  return `${name(header.source)} > ${name(header.destination)}${fragment}`;
}
