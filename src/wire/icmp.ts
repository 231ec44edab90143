import {concat, setU16, setU32, u32} from './bytes.ts';
import {complement, sum, verify} from './checksum.ts';
import {chooseChecksum, type Fields, type Inner} from './layer.ts';
import {transportChecksum} from './pseudo.ts';
import type {ChecksumState, Icmp, Packet} from './types.ts';
import type {Walk} from './walk.ts';

// Layout (RFC 792, RFC 4443): type 1, code 1, checksum 2, rest 4; in errors the quoted packet follows.
const headerLength = 8;

export function decodeIcmp(walk: Walk): undefined {
  if (walk.lacks(headerLength, 'icmp header')) return undefined;
  const {bytes, offset, end} = walk;
  addIcmp(walk, 'icmp', walk.whole ? verify(sum(bytes, offset, end)) : 'none');
}

export function decodeIcmpv6(walk: Walk): undefined {
  if (walk.lacks(headerLength, 'icmpv6 header')) return undefined;
  addIcmp(walk, 'icmpv6', transportChecksum(walk, 58, walk.end - walk.offset));
}

function addIcmp(walk: Walk, kind: Icmp['kind'], checksum: ChecksumState): void {
  const {bytes, offset} = walk;
  const type = bytes[offset] ?? 0;
  const quoted = isIcmpError(kind, type) ? readQuote(walk, kind, type) : undefined;
  walk.add({
    kind,
    offset,
    length: headerLength,
    type,
    code: bytes[offset + 1] ?? 0,
    rest: u32(bytes, offset + 4),
    checksum,
    ...(quoted === undefined ? undefined : {quoted}),
  });
}

/** Whether this type quotes a packet: unreachable, source quench, redirect, time exceeded, parameter problem. */
export function isIcmpError(kind: Icmp['kind'], type: number): boolean {
  return kind === 'icmp'
    ? type === 3 || type === 4 || type === 5 || type === 11 || type === 12
    : type >= 1 && type <= 4;
}

function readQuote(walk: Walk, kind: Icmp['kind'], type: number): Packet | undefined {
  const start = walk.offset + headerLength;
  if (walk.quote === undefined || start >= walk.end) return undefined;
  return walk.quote(start, Math.min(walk.end, start + quoteLength(walk, kind, type)));
}

/** Where RFC 4884 extensions may follow, the quote's length in bytes; unlimited without. */
function quoteLength(walk: Walk, kind: Icmp['kind'], type: number): number {
  const {bytes, offset} = walk;
  const extended =
    kind === 'icmp' ? type === 3 || type === 11 || type === 12 : type === 1 || type === 3;
  const length = kind === 'icmp' ? (bytes[offset + 5] ?? 0) * 4 : (bytes[offset + 4] ?? 0) * 8;
  return extended && length > 0 ? length : Number.POSITIVE_INFINITY;
}

export type IcmpFields = Omit<Fields<Icmp, 'type'>, 'quoted'>;

/** Builds an ICMP message; the packet that an error quotes is what it carries. */
export function encodeIcmp(fields: IcmpFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  header[0] = fields.type;
  header[1] = fields.code ?? 0;
  setU32(header, 4, fields.rest ?? 0);
  const message = concat(header, inner.bytes);
  const pseudo = fields.kind === 'icmpv6' ? inner.pseudoSum(58, message.length) : 0;
  const computed = complement(sum(message, 0, message.length, pseudo));
  setU16(message, 2, chooseChecksum(fields.checksum, computed));
  return message;
}

const names: Record<Icmp['kind'], Readonly<Record<string, string>>> = {
  icmp: {
    '0': 'echo reply',
    '3': 'unreachable',
    '3/0': 'net unreachable',
    '3/1': 'host unreachable',
    '3/2': 'protocol unreachable',
    '3/3': 'port unreachable',
    '3/4': 'frag needed',
    '5': 'redirect',
    '8': 'echo request',
    '11': 'time exceeded',
    '12': 'parameter problem',
  },
  icmpv6: {
    '1': 'unreachable',
    '1/0': 'no route',
    '1/4': 'port unreachable',
    '2': 'packet too big',
    '3': 'time exceeded',
    '4': 'parameter problem',
    '128': 'echo request',
    '129': 'echo reply',
    '133': 'router solicitation',
    '134': 'router advertisement',
    '135': 'neighbour solicitation',
    '136': 'neighbour advertisement',
    '137': 'redirect',
  },
};

/** The quoted packet is printed by the caller. */
export function printIcmp(header: Icmp): string {
  const {kind, type, code, rest} = header;
  const name = names[kind][`${type}/${code}`] ?? names[kind][type] ?? `type ${type} code ${code}`;
  return `${kind} ${name}${detail(kind, `${type}/${code}`, rest)}`;
}

function detail(kind: Icmp['kind'], typeAndCode: string, rest: number): string {
  if (kind === 'icmp' && typeAndCode === '3/4') return ` mtu ${rest & 0xffff}`;
  if (kind === 'icmpv6' && typeAndCode === '2/0') return ` mtu ${rest}`;
  const echoes = kind === 'icmp' ? ['8/0', '0/0'] : ['128/0', '129/0'];
  return echoes.includes(typeAndCode) ? ` id ${rest >>> 16} seq ${rest & 0xffff}` : '';
}
