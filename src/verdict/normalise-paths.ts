import {tupleIn} from '../trace/essence.ts';
import type {Crossing, Flow, Path} from '../trace/types.ts';
import {encapsulations, transport} from '../wire/packet.ts';
import type {Header, Packet, Tcp} from '../wire/types.ts';
import type {Connection} from './connections.ts';
import type {Direction} from './hops.ts';

/** How addresses and ports are written where they change from run to run. */
export interface Naming {
  address(address: string): string;
  port(port: number): string;
}

const kinds = ['SYN', 'SYN-ACK', 'data', 'FIN', 'RST', 'ACK', 'datagram'] as const;
type Kind = (typeof kinds)[number];

/**
 * What a packet is for its connection; with data and FIN it is both. Segments, retransmissions and the ACKs between them come
 * as the moment has it: of each kind only the ways that its packets took are kept.
 */
function kindsOf({headers, payload}: Packet): readonly Kind[] {
  const header = transport({headers, payload});
  if (header?.kind !== 'tcp') return ['datagram'];
  const has = (flag: string): boolean => header.flags.includes(flag);
  if (has('S')) return [has('.') ? 'SYN-ACK' : 'SYN'];
  const found: Kind[] = [
    ...(has('R') ? (['RST'] as const) : []),
    ...(payload.length > 0 ? (['data'] as const) : []),
    ...(has('F') ? (['FIN'] as const) : []),
  ];
  return found.length > 0 ? found : ['ACK'];
}

/** For each kind of packet the ways that packets of this kind took, a line a hop; several ways are parted by `or`. */
export function normalisePaths(paths: readonly Path[], naming: Naming): ReadonlyMap<Kind, string> {
  const ways = new Map<Kind, Set<string>>();
  for (const path of paths) {
    const [first] = path.crossings;
    if (first === undefined) continue;
    const way = wayOf(path, naming);
    for (const kind of kindsOf(first.any.packet))
      ways.set(kind, (ways.get(kind) ?? new Set()).add(way));
  }
  // An ACK may travel alone or with data: it is told only where it goes another way than all else.
  const others = new Set([...ways].flatMap(([kind, set]) => (kind === 'ACK' ? [] : [...set])));
  return new Map(
    kinds.flatMap(kind => {
      const told = [...(ways.get(kind) ?? [])].filter(way => kind !== 'ACK' || !others.has(way));
      return told.length === 0 ? [] : [[kind, told.toSorted().join('\nor\n')]];
    }),
  );
}

function wayOf({crossings, delivered}: Path, naming: Naming): string {
  return [
    ...crossings.map(crossing => wordCrossing(crossing, naming)),
    ...[...new Set(delivered.map(({node, interface: name}) => `${node} ${name}`))].map(
      place => `decapsulated at ${place}`,
    ),
  ].join('\n');
}

/** `client > router   CIP > VIP ttl 64 DF   tcp CPORT > 80`. */
export function wordCrossing({from, to, any}: Crossing, naming: Naming): string {
  return [`${from ?? '?'} > ${to ?? '?'}`, ...wordHeaders(any.packet, naming)].join('   ');
}

function wordHeaders(packet: Packet, naming: Naming): string[] {
  const carriers = [...encapsulations(packet)];
  const inner = transport(packet);
  let carried = false;
  return packet.headers.flatMap(header => {
    const isIp = header.kind === 'ipv4' || header.kind === 'ipv6';
    const carrier = isIp && carried ? carriers.shift() : undefined;
    carried ||= isIp;
    const word = wordHeader(header, naming, header === inner);
    const bad = 'checksum' in header && header.checksum === 'bad' ? ' bad checksum' : '';
    // gre and gue have headers that say so.
    return [
      ...(carrier === 'ipip' ? ['ipip'] : []),
      ...(word === undefined ? [] : [`${word}${bad}`]),
    ];
  });
}

function wordHeader(header: Header, {address, port}: Naming, isInner: boolean): string | undefined {
  switch (header.kind) {
    case 'ipv4': {
      const {source, destination, ttl, tos, dontFragment} = header;
      const extra = `${dontFragment ? ' DF' : ''}${tos === 0 ? '' : ` tos ${tos}`}`;
      return `${address(source)} > ${address(destination)} ttl ${ttl}${extra}`;
    }
    case 'ipv6':
      return `${address(header.source)} > ${address(header.destination)} hop limit ${header.hopLimit}`;
    case 'tcp':
    case 'udp':
      return isInner
        ? `${header.kind} ${port(header.sourcePort)} > ${port(header.destinationPort)}`
        : // The source port of a tunnel is a hash of the flow it carries.
          `${header.kind} * > ${header.destinationPort} checksum ${header.checksum}`;
    case 'gre':
      return `gre${header.hasChecksum ? ' with checksum' : ''}`;
    case 'gue':
      return `gue${header.optionBytes.length > 0 ? ` with ${header.optionBytes.length} bytes of options` : ''}`;
    case 'icmp':
    case 'icmpv6':
      return `${header.kind} type ${header.type} code ${header.code}`;
    case 'vlan':
      return `vlan ${header.id}`;
    case 'sctp':
      return `sctp ${port(header.sourcePort)} > ${port(header.destinationPort)}`;
    case 'vrrp':
    case 'ipvs-sync':
      return `${header.kind} v${header.version}`;
    case 'arp':
    case 'cooked':
    case 'ethernet':
      return undefined;
  }
}

/** Bytes of a TCP stream by sequence numbers relative to its SYN, however they were cut into segments; undefined without SYN. */
export function streamLength(paths: readonly Path[]): string | undefined {
  const packets = paths.flatMap(({crossings: [first]}) => {
    const header = first === undefined ? undefined : transport(first.any.packet);
    return first === undefined || header?.kind !== 'tcp'
      ? []
      : [{header, length: first.any.packet.payload.length}];
  });
  const start = packets.find(({header}) => header.flags.includes('S'))?.header.sequence;
  if (start === undefined) return undefined;
  const relative = ({sequence}: Tcp): number => (sequence - start - 1) >>> 0;
  const ends = packets
    .filter(({header, length}) => length > 0 && !header.flags.includes('S'))
    .map(({header, length}) => relative(header) + length);
  const closed = packets.some(({header}) => header.flags.includes('F'));
  return `${Math.max(0, ...ends)} bytes${closed ? ', FIN' : ''}`;
}

/** Names for a connection: those that ports have, service ports as they are, the client's CPORT, any other port LPORT. */
export function namingOf(
  {tuple}: Flow,
  name: (address: string) => string,
  servicePorts: ReadonlySet<number>,
  named: ReadonlyMap<string, number> = new Map(),
): Naming {
  const own = new Map([...named].map(([word, port]) => [port, word]));
  return {
    address: name,
    port: port => {
      const word = own.get(port);
      if (word !== undefined) return word;
      if (servicePorts.has(port)) return String(port);
      return port === tuple.sourcePort ? 'CPORT' : 'LPORT';
    },
  };
}

/** The paths of a connection by direction. */
export const directions = ({
  request,
  reply,
}: Connection): readonly (readonly [Direction, readonly Path[]])[] => [
  ['request', request],
  ['reply', reply],
];

/** The addresses and port between which a flow goes, without the client's port: the name of a flow that no lab expects. */
export function wordFlow({tuple, paths}: Flow, name: (address: string) => string): string {
  const seen = paths[0]?.crossings[0];
  const {source, destination, destinationPort} =
    (seen === undefined ? undefined : tupleIn(seen.any.packet)) ?? tuple;
  return `${name(source)} > ${name(destination)}:${destinationPort}`;
}
