import {formatIpv6, parseFamily} from './address.ts';
import {concat, setU16, setU32, u16, u32} from './bytes.ts';
import {afterProtocol} from './ipip.ts';
import type {Fields, Inner} from './layer.ts';
import {noNextHeader, protocolFor} from './numbers.ts';
import type {Ipv6, Ipv6Extension, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 8200): version 4 bits, traffic class 8, flow label 20; payload length 2, next header 1,
// hop limit 1, source 16, destination 16; then the extension headers, which `length` includes.
const fixedLength = 40;

/** Hop-by-hop, routing, fragment, AH (RFC 4302), destination options. */
const extensionTypes = new Set([0, 43, 44, 51, 60]);

/** Length of the extension at `at` in bytes: AH counts in 4-byte units less two, the others in 8 less one. */
function extensionLength(type: number, bytes: Uint8Array, at: number): number {
  if (type === 44) return 8;
  const units = bytes[at + 1] ?? 0;
  return type === 51 ? (units + 2) * 4 : (units + 1) * 8;
}

export function decodeIpv6(walk: Walk): Kind | undefined {
  if (walk.lacks(fixedLength, 'ipv6 header')) return undefined;
  const {bytes, offset} = walk;
  const first = u32(bytes, offset);
  if (first >>> 28 !== 6) return walk.halt(`ipv6 header with version ${first >>> 28}`);
  const payloadLength = u16(bytes, offset + 4);
  const claimedEnd = offset + fixedLength + payloadLength;
  const end = Math.min(walk.end, claimedEnd);
  const nextHeader = bytes[offset + 6] ?? 0;
  const chain = readExtensions(bytes, offset + fixedLength, end, nextHeader);
  const {fragment} = chain;
  const header: Ipv6 = {
    kind: 'ipv6',
    offset,
    length: chain.end - offset,
    source: formatIpv6(bytes, offset + 8),
    destination: formatIpv6(bytes, offset + 24),
    protocol: chain.protocol,
    nextHeader,
    hopLimit: bytes[offset + 7] ?? 0,
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    payloadLength,
    extensions: chain.extensions,
    ...(fragment === undefined ? undefined : {fragment}),
  };
  walk.add(header);
  walk.ip = header;
  walk.whole = claimedEnd <= walk.end && !(fragment?.more === true || (fragment?.offset ?? 0) > 0);
  walk.end = end;
  if (chain.needed !== undefined) {
    walk.lacks(chain.needed, `ipv6 extension header ${chain.protocol}`);
    return undefined;
  }
  return afterProtocol(walk, header.protocol, fragment?.offset ?? 0);
}

interface Chain {
  extensions: readonly Ipv6Extension[];
  fragment: Ipv6['fragment'];
  /** The type of what comes after the extensions that were read. */
  protocol: number;
  end: number;
  /** Bytes of an extension that does not fit in what is there. */
  needed?: number;
}

function readExtensions(bytes: Uint8Array, start: number, end: number, nextHeader: number): Chain {
  const extensions: Ipv6Extension[] = [];
  let fragment: Ipv6['fragment'];
  let protocol = nextHeader;
  let at = start;
  // What follows the fragment header of a later fragment is payload, whatever its type says.
  while (extensionTypes.has(protocol) && (fragment?.offset ?? 0) === 0) {
    const length = at + 8 > end ? 8 : extensionLength(protocol, bytes, at);
    if (at + length > end) return {extensions, fragment, protocol, end: at, needed: length};
    extensions.push({type: protocol, offset: at, length});
    if (protocol === 44) {
      const word = u16(bytes, at + 2);
      fragment = {id: u32(bytes, at + 4), offset: word & 0xfff8, more: (word & 1) !== 0};
    }
    protocol = bytes[at] ?? 0;
    at += length;
  }
  return {extensions, fragment, protocol, end: at};
}

/** An extension header to build: its type and what comes after its next-header and length bytes. */
export interface ExtensionFields {
  readonly type: number;
  /** Padded with zeros to whole units: Pad1 options in hop-by-hop and destination headers. */
  readonly body: Uint8Array;
}

export type Ipv6Fields = Omit<Fields<Ipv6, 'source' | 'destination'>, 'extensions'> & {
  readonly extensions?: readonly ExtensionFields[] | undefined;
};

/** The extension headers in order; `fragment` comes last, where the unfragmentable part ends. */
export function encodeExtensions(fields: Ipv6Fields, protocol: number): readonly Uint8Array[] {
  const list = [...(fields.extensions ?? [])];
  if (fields.fragment !== undefined) {
    const body = new Uint8Array(6);
    setU16(body, 0, (fields.fragment.offset & 0xfff8) | (fields.fragment.more ? 1 : 0));
    setU32(body, 2, fields.fragment.id);
    list.push({type: 44, body});
  }
  return list.map(({type, body}, i) => {
    const unit = type === 51 ? 4 : 8;
    const bytes = new Uint8Array(Math.max(8, Math.ceil((body.length + 2) / unit) * unit));
    bytes[0] = list[i + 1]?.type ?? protocol;
    if (type !== 44) bytes[1] = bytes.length / unit - (type === 51 ? 2 : 1);
    bytes.set(body, 2);
    return bytes;
  });
}

export function encodeIpv6(fields: Ipv6Fields, inner: Inner): Uint8Array {
  const last = inner.kind === undefined && inner.bytes.length === 0 ? noNextHeader : undefined;
  const protocol = fields.protocol ?? last ?? protocolFor('ipv6', inner.kind);
  const extensions = concat(...encodeExtensions(fields, protocol));
  const firstType = fields.extensions?.[0]?.type ?? (fields.fragment === undefined ? protocol : 44);
  const header = new Uint8Array(fixedLength);
  setU32(
    header,
    0,
    (6 << 28) | ((fields.trafficClass ?? 0) << 20) | ((fields.flowLabel ?? 0) & 0xfffff),
  );
  setU16(header, 4, fields.payloadLength ?? extensions.length + inner.bytes.length);
  header[6] = fields.nextHeader ?? firstType;
  header[7] = fields.hopLimit ?? 64;
  header.set(parseFamily(fields.source, 'ipv6'), 8);
  header.set(parseFamily(fields.destination, 'ipv6'), 24);
  return concat(header, extensions, inner.bytes);
}

export function printIpv6(header: Ipv6, name: (address: string) => string): string {
  const {fragment} = header;
  const frag =
    fragment === undefined
      ? ''
      : ` frag ${fragment.id} at ${fragment.offset}${fragment.more ? '+' : ''}`;
  return `${name(header.source)} > ${name(header.destination)}${frag}`;
}
