import type {Header, Icmp, Ipv6, Packet} from '../../../src/wire/types.ts';
import {cookedFields, sctpFields, syncFields, vrrpFields} from './compare-messages.ts';
import type {Layer} from './tshark.ts';

export type Value = string | number | boolean | undefined | readonly (string | number)[];

/** A layer in words that both sides can be put into: tshark's names, our values. */
export interface Comparable {
  readonly protocol: string;
  readonly offset: number;
  readonly fields: Readonly<Record<string, Value>>;
}

const protocols: Readonly<Record<Header['kind'], string>> = {
  ethernet: 'eth',
  cooked: 'sll',
  vlan: 'vlan',
  arp: 'arp',
  ipv4: 'ip',
  ipv6: 'ipv6',
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  icmpv6: 'icmpv6',
  gre: 'gre',
  gue: 'gue',
  sctp: 'sctp',
  vrrp: 'vrrp',
  'ipvs-sync': 'ipvs',
};

const fragmentHeader = 'ipv6.fraghdr';
const extensionProtocols: Readonly<Record<number, string>> = {
  0: 'ipv6.hopopts',
  43: 'ipv6.routing',
  44: fragmentHeader,
  51: 'ah',
  60: 'ipv6.dstopts',
};

/** Our decoding in tshark's words; GUE and what it carries are left out, tshark does not know them. */
export function ours(packet: Packet, inQuote = false): readonly Comparable[] {
  const end = packet.headers.findIndex(({kind}) => kind === 'gue');
  return packet.headers
    .slice(0, end < 0 ? undefined : end)
    .flatMap(header => [
      {protocol: protocols[header.kind], offset: header.offset, fields: fieldsOf(header, inQuote)},
      ...(header.kind === 'ipv6' ? extensions(header) : []),
      ...('quoted' in header && header.quoted !== undefined ? ours(header.quoted, true) : []),
    ]);
}

function extensions(header: Ipv6): readonly Comparable[] {
  return header.extensions.map(({type, offset, length}) => ({
    protocol: extensionProtocols[type] ?? `extension ${type}`,
    offset,
    fields:
      type === 44
        ? {
            size: length,
            'ipv6.fraghdr.ident': header.fragment?.id,
            'ipv6.fraghdr.offset': header.fragment?.offset,
            'ipv6.fraghdr.more': header.fragment?.more,
          }
        : {size: length},
  }));
}

/** tshark's dissection with the fields that ours has, in the types that ours has. */
export function theirs(
  layers: readonly Layer[],
  like: readonly Comparable[],
): readonly Comparable[] {
  const known = new Set([...Object.values(protocols), ...Object.values(extensionProtocols)]);
  return layers
    .filter(({protocol}) => known.has(protocol))
    .map((layer, i) => ({
      protocol: layer.protocol,
      offset: layer.offset,
      fields: Object.fromEntries(
        Object.entries(like[i]?.fields ?? {}).map(([name, value]) => [
          name,
          read(layer, name, value),
        ]),
      ),
    }));
}

function read(layer: Layer, name: string, like: Value): Value {
  if (name === 'size') return layer.size;
  if (name === 'flags') return tcpFlags(layer);
  // In a cut quote tshark gives the raw numbers by the plain names only.
  const shown = layer.fields.get(name) ?? layer.fields.get(name.replace(/_raw$/, ''));
  if (name === 'tcp.option_kind') return optionKinds(shown ?? []);
  if (name.endsWith('.checksum.status')) return checksumStates[shown?.[0] ?? ''] ?? 'none';
  if (typeof like === 'object')
    return (shown ?? []).map(value => (typeof like[0] === 'string' ? value : Number(value)));
  const first = shown?.[0];
  // Fragment offsets are shown as they stand: in units of eight bytes.
  if (name === 'ipv6.fraghdr.offset' || name === 'ip.frag_offset') return Number(first) * 8;
  if (first === undefined || typeof like === 'string') return first;
  return typeof like === 'boolean' ? first === '1' : Number(first);
}

/** tshark's states: 0 bad, 1 good, 2 unverified, 3 not present, 4 illegal (UDP 0 over IPv6). */
const checksumStates: Readonly<Record<string, string>> = {
  '0': 'bad',
  '1': 'good',
  '2': 'none',
  '3': 'none',
  '4': 'bad',
};

function tcpFlags(layer: Layer): string {
  const letters = {
    syn: 'S',
    fin: 'F',
    reset: 'R',
    push: 'P',
    ack: '.',
    urg: 'U',
    ece: 'E',
    cwr: 'W',
  };
  return Object.entries(letters)
    .map(([name, letter]) => (layer.fields.get(`tcp.flags.${name}`)?.[0] === '1' ? letter : ''))
    .join('');
}

/** Up to the first End of Option List: tshark shows the padding behind it as more of them. */
function optionKinds(shown: readonly string[]): string {
  const end = shown.indexOf('0');
  return (end < 0 ? shown : shown.slice(0, end + 1)).join(' ');
}

/** tshark does not check transport checksums in quotes, where they are seldom computable. */
function checksum(name: string, state: string, inQuote: boolean): Record<string, Value> {
  return inQuote ? {} : {[`${name}.checksum.status`]: state};
}

function fieldsOf(header: Header, inQuote: boolean): Record<string, Value> {
  switch (header.kind) {
    case 'ethernet':
      return {
        'eth.src': header.source,
        'eth.dst': header.destination,
        'eth.type': header.etherType,
      };
    case 'vlan':
      return {
        'vlan.id': header.id,
        'vlan.priority': header.priority,
        'vlan.etype': header.etherType,
      };
    case 'arp':
      return {
        'arp.opcode': header.operation,
        'arp.src.hw_mac': header.senderMac,
        'arp.src.proto_ipv4': header.senderIp,
        'arp.dst.hw_mac': header.targetMac,
        'arp.dst.proto_ipv4': header.targetIp,
      };
    case 'ipv4':
      return {
        size: header.length,
        'ip.src': header.source,
        'ip.dst': header.destination,
        'ip.proto': header.protocol,
        'ip.ttl': header.ttl,
        'ip.dsfield': header.tos,
        'ip.id': header.id,
        'ip.flags.df': header.dontFragment,
        'ip.flags.mf': header.moreFragments,
        'ip.frag_offset': header.fragmentOffset,
        'ip.len': header.totalLength,
        'ip.checksum.status': header.checksum,
      };
    case 'ipv6':
      return {
        // In a later fragment tshark leaves the extension headers out of the size.
        ...((header.fragment?.offset ?? 0) > 0 ? {} : {size: header.length}),
        'ipv6.src': header.source,
        'ipv6.dst': header.destination,
        'ipv6.nxt': header.nextHeader,
        'ipv6.hlim': header.hopLimit,
        'ipv6.tclass': header.trafficClass,
        'ipv6.flow': header.flowLabel,
        'ipv6.plen': header.payloadLength,
      };
    case 'tcp':
      return {
        size: header.length,
        flags: header.flags,
        'tcp.srcport': header.sourcePort,
        'tcp.dstport': header.destinationPort,
        'tcp.seq_raw': header.sequence,
        'tcp.ack_raw': header.acknowledgement,
        'tcp.window_size_value': header.window,
        'tcp.urgent_pointer': header.urgent,
        'tcp.option_kind': header.options.map(({type}) => type).join(' '),
        ...checksum('tcp', header.checksum, inQuote),
      };
    case 'udp':
      return {
        'udp.srcport': header.sourcePort,
        'udp.dstport': header.destinationPort,
        'udp.length': header.datagramLength,
        'udp.checksum': header.checksumField,
        ...checksum('udp', header.checksum, inQuote),
      };
    case 'icmp':
    case 'icmpv6':
      return {
        [`${header.kind}.type`]: header.type,
        [`${header.kind}.code`]: header.code,
        ...rest(header),
        ...checksum(header.kind, header.checksum, inQuote),
      };
    case 'gre':
      return {
        size: header.length,
        'gre.proto': header.etherType,
        'gre.flags.version': header.version,
        'gre.flags.checksum': header.hasChecksum,
        'gre.key': header.key,
        'gre.sequence_number': header.sequence,
        ...checksum('gre', header.checksum, inQuote),
      };
    case 'sctp':
      return {...sctpFields(header), ...checksum('sctp', header.checksum, inQuote)};
    case 'vrrp':
      return {...vrrpFields(header), ...checksum('vrrp', header.checksum, inQuote)};
    case 'ipvs-sync':
      return syncFields(header);
    case 'cooked':
      return cookedFields(header);
    case 'gue':
      return {};
  }
}

function rest({kind, type, code, rest: word}: Icmp): Record<string, Value> {
  const echo = kind === 'icmp' ? type === 0 || type === 8 : type === 128 || type === 129;
  const prefix = kind === 'icmp' ? 'icmp' : 'icmpv6.echo';
  if (echo)
    return {
      [kind === 'icmp' ? 'icmp.ident' : `${prefix}.identifier`]: word >>> 16,
      [kind === 'icmp' ? 'icmp.seq' : `${prefix}.sequence_number`]: word & 0xffff,
    };
  if (kind === 'icmp') return type === 3 && code === 4 ? {'icmp.mtu': word & 0xffff} : {};
  return type === 2 ? {'icmpv6.mtu': word} : {};
}
