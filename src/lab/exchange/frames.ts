import {InputError} from '../../problem.ts';
import {parsePair, type Pair} from '../../verdict/hops.ts';
import type {Names} from '../../verdict/names.ts';
import {addressOf} from '../../verdict/hops.ts';
import {build, type Layer} from '../../wire/build.ts';
import {quote} from '../../wire/fragment.ts';
import {syncMessageBytes} from './message.ts';
import type {PacketFields} from './types.ts';

/** How a packet is built: whose names there are, and the id of a packet that does not say its own. */
export interface Building {
  readonly names: Names;
  readonly id: number;
}

/** The bytes of a packet from its outermost IP header on. Throws InputError for what cannot be built. */
export function buildPacket(fields: PacketFields, building: Building, where: string): Uint8Array {
  const named = (text: string): string => addressOf(text, where, building.names);
  if (fields.layers !== undefined)
    return build(
      fields.layers.map(layer => withAddresses(layer, named)),
      payloadOf(fields, building, where),
    );
  const pairs = [fields.ip].flat().map(text => {
    const {source, destination} = parsePair(text, where);
    return {source: named(source), destination: named(destination)};
  });
  const [outer, inner] = [pairs.slice(0, -1), pairs.slice(-1)];
  return build(
    [
      ...outer.flatMap(pair => [outerIp(fields, pair), ...carrierLayers(fields)]),
      ...inner.map(pair => innerIp(fields, pair, building.id)),
      ...transportLayers(fields, inner[0], where),
    ],
    payloadOf(fields, building, where),
  );
}

/** Layers may name addresses. */
function withAddresses(layer: Layer, named: (text: string) => string): Layer {
  return layer.kind === 'ipv4' || layer.kind === 'ipv6'
    ? {...layer, source: named(layer.source), destination: named(layer.destination)}
    : layer;
}

const isV6 = (pair: Pair | undefined): boolean => pair?.source.includes(':') === true;

const outerIp = ({ttl = 64}: PacketFields, pair: Pair): Layer =>
  isV6(pair) ? {kind: 'ipv6', ...pair, hopLimit: ttl} : {kind: 'ipv4', ...pair, ttl};

function innerIp(fields: PacketFields, pair: Pair, ownId: number): Layer {
  const {ttl = 64, id = ownId, tos = 0, fragment} = fields;
  const protocol = protocolOf(fields, pair);
  if (isV6(pair))
    return {
      kind: 'ipv6',
      ...pair,
      hopLimit: ttl,
      trafficClass: tos,
      ...(protocol === undefined ? {} : {protocol}),
      ...(fragment === undefined ? {flowLabel: id} : {fragment: {...fragment, id}}),
      extensions: (fields.extensions ?? []).map(({type, body}) => ({
        type,
        body: Buffer.from(body, 'hex'),
      })),
    };
  return {
    kind: 'ipv4',
    ...pair,
    ttl,
    tos,
    id,
    dontFragment: fields.df ?? fragment === undefined,
    ...(protocol === undefined ? {} : {protocol}),
    ...(fragment === undefined
      ? {}
      : {fragmentOffset: fragment.offset, moreFragments: fragment.more}),
    ...(fields.options === undefined ? {} : {options: Buffer.from(fields.options, 'hex')}),
  };
}

/** What a later fragment carries cannot be read from it; its first header stands in the first one alone. */
function protocolOf(fields: PacketFields, pair: Pair): number | undefined {
  if ((fields.fragment?.offset ?? 0) === 0) return undefined;
  if (fields.tcp !== undefined) return 6;
  if (fields.sctp !== undefined) return 132;
  return fields.icmp === undefined ? 17 : isV6(pair) ? 58 : 1;
}

const carrierLayers = ({encapsulation}: PacketFields): readonly Layer[] => {
  if (encapsulation === 'gre') return [{kind: 'gre'}];
  return encapsulation === 'gue'
    ? [{kind: 'udp', sourcePort: 40_000, destinationPort: 6080, checksum: 0}, {kind: 'gue'}]
    : [];
};

function transportLayers(
  fields: PacketFields,
  pair: Pair | undefined,
  where: string,
): readonly Layer[] {
  const {tcp, udp, sctp, icmp} = fields;
  if ((fields.fragment?.offset ?? 0) > 0) return [];
  if (tcp !== undefined) {
    const {flags, seq = 1, ack = flags.includes('.') ? 1 : 0, window, mss, checksum} = tcp;
    return [
      {
        kind: 'tcp',
        ...portsOf(tcp.ports, where),
        flags,
        sequence: seq,
        acknowledgement: ack,
        ...(window === undefined ? {} : {window}),
        ...(mss === undefined
          ? {}
          : {options: [{type: 2, data: Uint8Array.of(mss >> 8, mss & 0xff)}]}),
        checksum,
      },
    ];
  }
  if (udp !== undefined) {
    const checksum = udp.checksum === 'none' ? 0 : udp.checksum;
    return [{kind: 'udp', ...portsOf(udp.ports, where), checksum}];
  }
  if (sctp !== undefined) {
    const {tag: verificationTag, chunks, checksum} = sctp;
    return [{kind: 'sctp', ...portsOf(sctp.ports, where), verificationTag, chunks, checksum}];
  }
  if (icmp === undefined) return [];
  const {type, code = 0, id = 0, seq = 0, mtu, checksum} = icmp;
  const rest = icmp.rest ?? mtu ?? id * 0x1_0000 + seq;
  return [{kind: isV6(pair) ? 'icmpv6' : 'icmp', type, code, rest, checksum}];
}

function portsOf(text: string, where: string): {sourcePort: number; destinationPort: number} {
  const pair = parsePair(text, where);
  const [sourcePort, destinationPort] = [pair.source, pair.destination].map(word =>
    /^\d{1,5}$/.test(word) ? Number(word) : Number.NaN,
  );
  if (
    sourcePort !== undefined &&
    destinationPort !== undefined &&
    sourcePort + destinationPort >= 0
  )
    return {sourcePort, destinationPort};
  throw new InputError({
    what: 'not two ports',
    where,
    value: text,
    valid: ["ports: '4000 > 80'"],
    next: 'a packet that is built needs numbers',
  });
}

/** An error's payload is the packet that it quotes. */
function payloadOf(fields: PacketFields, building: Building, where: string): Uint8Array {
  const {payload = '', icmp, sync} = fields;
  if (sync !== undefined)
    return syncMessageBytes(sync, name => addressOf(name, where, building.names), where);
  if (icmp?.quotes !== undefined) {
    const {behind, ...quoted} = icmp.quotes;
    return quote(buildPacket(quoted, building, where), behind);
  }
  if (typeof payload === 'string') return Buffer.from(payload, 'utf8');
  return Buffer.from('lvslab exchange '.repeat(Math.ceil(payload / 16)).slice(0, payload));
}
