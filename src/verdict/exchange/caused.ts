import type {Crossing} from '../../trace/types.ts';
import {innermostIp, transport} from '../../wire/packet.ts';
import type {Packet} from '../../wire/types.ts';
import {addressOf, parsePair} from '../hops.ts';
import {differ, type Mismatch} from '../mismatch.ts';
import type {Setting} from '../compare.ts';
import {quotedFields} from './compare.ts';
import type {Link} from './hop.ts';
import {blank, decoded, icmpOf, quotedBy, rewritten} from './inner.ts';
import type {Shape, ShapeIcmp} from './types.ts';

/** The hop limit that Linux gives what it makes itself (net.ipv4.ip_default_ttl). */
const ownTtl = 64;

/** What of a packet that a node made itself is not as its shape says; `cause` is the packet that caused it, as it arrived. */
export function compareShape(
  {names, notation}: Setting,
  shape: Shape,
  link: Link,
  {any}: Crossing,
  cause: Crossing,
): readonly Mismatch[] {
  const {packet} = any;
  const ip = innermostIp(packet);
  const ttl = ip?.kind === 'ipv4' ? ip.ttl : ip?.hopLimit;
  return [
    ...differ('ip.ttl', String(shape.ttl ?? ownTtl), String(ttl ?? '-')),
    ...compareMessage(shape, link, packet),
    ...(shape.length === undefined || ip === undefined
      ? []
      : differ(
          'ip.length',
          String(shape.length),
          String(ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength + 40),
        )),
    ...(quotedBy(packet) === undefined && shape.quotes === undefined
      ? []
      : compareQuote(shape.quotes, any.frame.bytes, packet, cause, {
          address: name => addressOf(name, 'quotes', names),
          named: notation.named,
        })),
    ...packet.headers.flatMap(header =>
      'checksum' in header && header.checksum === 'bad'
        ? [{field: `${header.kind}.checksum`, expected: 'good', actual: 'bad'}]
        : [],
    ),
  ];
}

function compareMessage(
  {tcp, udp, sctp, icmp}: Shape,
  link: Link,
  packet: Packet,
): readonly Mismatch[] {
  const header = transport(packet);
  const message = header ?? icmpOf(packet);
  const kind = kindOf({udp, sctp, icmp});
  if (message === undefined || !message.kind.startsWith(kind))
    return [{field: 'protocol', expected: kind, actual: message?.kind ?? 'none'}];
  const stated = (field: string, expected: string | number | undefined, actual: unknown) =>
    expected === undefined ? [] : differ(field, String(expected), String(actual));
  if (header !== undefined)
    return [
      ...stated(`${header.kind}.srcport`, link.ports?.source, header.sourcePort),
      ...stated(`${header.kind}.dstport`, link.ports?.destination, header.destinationPort),
      ...(header.kind === 'tcp' && tcp !== undefined
        ? [
            ...stated('tcp.flags', tcp.flags, header.flags),
            ...stated('tcp.seq', tcp.seq, header.sequence),
            ...stated('tcp.ack', tcp.ack, header.acknowledgement),
            ...stated('tcp.window', tcp.window, header.window),
          ]
        : []),
      ...(header.kind === 'sctp'
        ? stated('sctp.chunks', sctp?.chunk, header.chunks.map(({type}) => type).join(' '))
        : []),
    ];
  const found = icmpOf(packet);
  if (icmp === undefined || found === undefined) return [];
  return [
    ...stated('icmp.type', icmp.type, found.type),
    ...stated('icmp.code', icmp.code ?? 0, found.code),
    ...stated('icmp.rest', restOf(icmp), found.rest),
  ];
}

const kindOf = ({udp, sctp, icmp}: Pick<Shape, 'udp' | 'sctp' | 'icmp'>): string => {
  if (icmp !== undefined) return 'icmp';
  if (sctp !== undefined) return 'sctp';
  return udp === true ? 'udp' : 'tcp';
};

/** The four bytes behind the checksum: by default zeros, as errors without an MTU have them. */
const restOf = ({rest, mtu, id = 0, seq = 0}: ShapeIcmp): number =>
  rest ?? mtu ?? id * 0x1_0000 + seq;

/** How addresses are read and written. */
interface Reading {
  readonly address: (name: string) => string;
  readonly named: (address: string) => string;
}

/**
 * An error quotes what caused it, from its IP header on, with the addresses and ports that `said` says. No node tells of an error
 * with an error (RFC 1122, 3.2.2): where one caused it, it hands on what that quotes, without the tunnel around it.
 */
function compareQuote(
  said: Shape['quotes'],
  bytes: Uint8Array,
  packet: Packet,
  cause: Crossing,
  {address, named}: Reading,
): readonly Mismatch[] {
  const quoted = quotedBy(packet);
  const [ip] = quoted?.headers ?? [];
  if (quoted === undefined || (ip?.kind !== 'ipv4' && ip?.kind !== 'ipv6'))
    return [{field: 'quoted', expected: 'a packet', actual: 'none'}];
  const change = said === undefined ? {} : changeOf(said, address);
  const handed = quotedBy(cause.any.packet);
  const causing = {bytes: cause.any.frame.bytes, packet: handed ?? cause.any.packet};
  const expected = rewritten(causing, change, undefined);
  if (expected === undefined) return [{field: 'quoted', expected: 'nothing', actual: 'a packet'}];
  const raw = bytes.subarray(ip.offset, quoted.payload.offset + quoted.payload.length);
  const actual = blanked(raw, quoted, ip.offset);
  const wanted = expected.bytes.subarray(0, actual.length);
  // How far the node had come with what it was to send on is no matter: its TTL may have been taken from.
  const ttlAt = ip.kind === 'ipv4' ? 8 : 7;
  const free = handed === undefined ? ttlAt + 1 : ttlAt;
  actual.fill(0, ttlAt, free);
  const same = Buffer.from(wanted).fill(0, ttlAt, free).equals(actual);
  if (same && actual.length >= ip.length + 8) return [];
  const before = quotedFieldsOf(wanted);
  const fields = [...quotedFields(quoted)].flatMap(([field, value]) =>
    differ(field, before.get(field) ?? '-', value, named),
  );
  return fields.length > 0
    ? fields
    : [
        {
          field: 'quoted',
          expected: 'the packet that caused it',
          actual: `${actual.length} bytes that are not its first`,
        },
      ];
}

function changeOf({ip, ports}: NonNullable<Shape['quotes']>, address: Reading['address']) {
  const pair = parsePair(ip, 'quotes');
  const own = ports === undefined ? undefined : parsePair(ports, 'quotes');
  return {
    source: address(pair.source),
    destination: address(pair.destination),
    ...(own === undefined
      ? {}
      : {sourcePort: Number(own.source), destinationPort: Number(own.destination)}),
  };
}

function quotedFieldsOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  return quotedFields(decoded(bytes, 'raw').packet);
}

/** A quoted packet without its checksums. */
function blanked(raw: Uint8Array, quoted: Packet, base: number): Buffer {
  const bytes = Buffer.from(raw);
  for (const header of quoted.headers) blank(bytes, header, base);
  return bytes;
}
