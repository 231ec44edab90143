import {hash} from 'node:crypto';
import {encapsulations, innermostIp, ipHeaders, payloadBytes, transport} from '../wire/packet.ts';
import type {Packet} from '../wire/types.ts';
import type {Rewrite, Sighting} from './types.ts';

type Fields = Map<string, string>;

/** The fields that a node on the way may rewrite, with printable values. `ip` is the innermost IP header. */
export function rewritable(packet: Packet): Fields {
  const fields: Fields = new Map();
  for (const header of packet.headers) {
    if (header.kind !== 'ethernet') continue;
    fields.set('eth.src', header.source);
    fields.set('eth.dst', header.destination);
  }
  const ip = innermostIp(packet);
  if (ip !== undefined) {
    fields.set('ip.src', ip.source);
    fields.set('ip.dst', ip.destination);
    fields.set('ip.ttl', String(ip.kind === 'ipv4' ? ip.ttl : ip.hopLimit));
  }
  const header = transport(packet);
  if (header !== undefined) {
    fields.set(`${header.kind}.srcport`, String(header.sourcePort));
    fields.set(`${header.kind}.dstport`, String(header.destinationPort));
  }
  fields.set('encapsulation', carriers(packet));
  for (const [field, value] of quotedFields(packet)) fields.set(`quote.${field}`, value);
  return fields;
}

/** What NAT rewrites of the packet that an ICMP error quotes. */
const quotedFields = ({headers}: Packet): Fields =>
  new Map(
    headers.flatMap(header =>
      (header.kind === 'icmp' || header.kind === 'icmpv6') && header.quoted !== undefined
        ? [...rewritable(header.quoted)]
        : [],
    ),
  );

/** The tunnels around the innermost packet, outer to inner: `none`, or `ipip 198.51.100.10 > 203.0.113.21`. */
function carriers(packet: Packet): string {
  const kinds = encapsulations(packet);
  const outer = ipHeaders(packet).slice(0, -1);
  return kinds.length === 0
    ? 'none'
    : kinds
        .map((kind, i) => `${kind} ${outer[i]?.source ?? '?'} > ${outer[i]?.destination ?? '?'}`)
        .join(', ');
}

/** Checksums are computed from the rest: a difference in them alone is damage, else a consequence. */
export const isChecksum = (field: string): boolean => field.endsWith('.checksum');

/** Every field of a sighting, rewritable or not, checksums included; enough that no two differing frames are equal in all. */
export function allFields({frame, packet}: Sighting): Fields {
  const fields = rewritable(packet);
  const ip = innermostIp(packet);
  if (ip?.kind === 'ipv4') {
    fields.set('ip.id', String(ip.id));
    fields.set('ip.tos', String(ip.tos));
    fields.set('ip.df', String(ip.dontFragment));
    fields.set('ip.frag', `${ip.fragmentOffset}${ip.moreFragments ? '+' : ''}`);
    fields.set('ip.options', hex(ip.options));
    fields.set('ip.checksum', wordAt(frame.bytes, ip.offset + 10));
  } else if (ip !== undefined) {
    fields.set('ip.class', String(ip.trafficClass));
    fields.set('ip.flow', String(ip.flowLabel));
    fields.set('ip.extensions', hex(frame.bytes.subarray(ip.offset + 40, ip.offset + ip.length)));
  }
  const message = packet.headers.at(-1);
  if (message?.kind === 'icmp' || message?.kind === 'icmpv6') {
    fields.set(`${message.kind}.type`, `${message.type}/${message.code}`);
    fields.set(`${message.kind}.rest`, String(message.rest));
    fields.set(`${message.kind}.checksum`, wordAt(frame.bytes, message.offset + 2));
  }
  const header = transport(packet);
  if (header?.kind === 'tcp') {
    fields.set('tcp.seq', String(header.sequence));
    fields.set('tcp.ack', String(header.acknowledgement));
    fields.set('tcp.flags', header.flags);
    fields.set('tcp.window', String(header.window));
    fields.set('tcp.urgent', String(header.urgent));
    fields.set(
      'tcp.options',
      hex(frame.bytes.subarray(header.offset + 20, header.offset + header.length)),
    );
    fields.set('tcp.checksum', wordAt(frame.bytes, header.offset + 16));
  } else if (header?.kind === 'udp') {
    fields.set('udp.length', String(header.datagramLength));
    fields.set('udp.checksum', wordAt(frame.bytes, header.offset + 6));
  }
  if (header?.kind === 'sctp') {
    fields.set('sctp.tag', String(header.verificationTag));
    fields.set(
      'sctp.checksum',
      `0x${hex(frame.bytes.subarray(header.offset + 8, header.offset + 12))}`,
    );
  }
  // SCTP is read in place: its header is in the payload.
  const payload = payloadBytes(frame.bytes, packet).subarray(
    header?.kind === 'sctp' ? header.length : 0,
  );
  fields.set('payload', `${payload.length} bytes ${hash('sha256', payload, 'hex').slice(0, 16)}`);
  return fields;
}

/** The fields that differ, in order; `-` stands for a field that one of the two does not have. */
export function differences(before: Fields, after: Fields): readonly Rewrite[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(field => {
    const was = before.get(field) ?? '-';
    const is = after.get(field) ?? '-';
    return was === is ? [] : [{field, before: was, after: is}];
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const wordAt = (bytes: Uint8Array, at: number): string => `0x${hex(bytes.subarray(at, at + 2))}`;
