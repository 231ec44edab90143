import type {Endpoint} from '../ipvs/text.ts';
import type {Counters} from '../ipvs/types.ts';
import {allPaths, arrival, fragmentKey, tupleKey} from '../trace/essence.ts';
import type {Crossing, Path} from '../trace/types.ts';
import {innermostIp, transport} from '../wire/packet.ts';
import type {Packet} from '../wire/types.ts';
import type {Case} from './case.ts';
import type {Connection} from './connections.ts';
import {destinationOf} from './endpoint.ts';
import {isDouble} from './path-checks.ts';
import type {Certainty} from './presence.ts';

/** Something that was seen at a director and that its IPVS counts. */
export interface Counted {
  readonly kind: 'connection' | 'in' | 'out';
  /** Of the IP packet; 0 for a connection. */
  readonly bytes: number;
  /** When it came to the director, in nanoseconds. */
  readonly at: bigint;
  /** The real server that it is of; `none` for what got near none, `any` where nobody can tell. */
  readonly server: Endpoint | 'none' | 'any';
  /** Whether IPVS must have counted it; false when it may have. */
  readonly sure: boolean;
}

/**
 * What IPVS on a node counts of what came to it (net/netfilter/ipvs/ip_vs_core.c): a connection where a packet that opens one was
 * scheduled; each request as in; as out each reply from a real server's own address, which masq answers for (with droute and
 * tunnel no reply is, and with one-packet scheduling there is no entry to find it by). A packet that was sent on was counted;
 * one that was not may have been. So may an ICMP error about a connection (ip_vs_in_icmp, handle_response_icmp), which counts
 * as in or as out, and a fragment, which counts with its datagram. Bytes are those of the IP packet.
 */
export function countedAt(judged: Case, node: string): readonly Counted[] {
  const opened = new Set<string>();
  return [
    ...judged.connections.flatMap(connection => {
      const packets = packetsOf(judged, node, connection);
      return [...packets, ...openings(judged, node, connection, opened)];
    }),
    // A helper makes the entry, which no scheduler counts, and binds it to the real server of the control connection.
    ...judged.data.connections.flatMap(data =>
      packetsOf(judged, node, data).map(one => ({
        ...one,
        server: serverOf(judged, data.controlledBy),
      })),
    ),
    ...[
      ...judged.trace.other,
      ...judged.trace.flows.flatMap(flow => allPaths(flow).flatMap(({crossings}) => crossings)),
    ].flatMap(crossing => besides(crossing, node)),
  ];
}

const serverOf = (judged: Case, connection: Connection): Counted['server'] =>
  destinationOf(judged, connection) ?? 'none';

function packetsOf(judged: Case, node: string, connection: Connection): readonly Counted[] {
  const {request, reply, flow, virtual} = connection;
  const vip = virtual?.address ?? judged.virtual;
  const arrived = (paths: readonly Path[], kind: 'in' | 'out'): readonly Counted[] =>
    paths
      .filter(path => !isDouble(judged.altered, flow, path))
      .flatMap(path =>
        arrivals(path, node)
          .filter(({crossing: {any}}) => {
            const ip = innermostIp(any.packet);
            if (transport(any.packet) === undefined) return false;
            return kind === 'in' ? ip?.destination === vip : ip?.source !== vip;
          })
          .map(({crossing, next, sentOn}) => ({
            kind,
            // What goes out is counted when it has been rewritten, which may be by a helper.
            bytes: lengthOf((kind === 'out' && sentOn ? (next ?? crossing) : crossing).any.packet),
            at: arrival(crossing),
            server: serverOf(judged, connection),
            // What leaves as it came may have been forwarded without IPVS.
            sure:
              sentOn &&
              fragmentOf(crossing) === undefined &&
              (kind === 'in' || next === undefined || innermostIp(next.any.packet)?.source === vip),
          })),
      );
  const perPacket = judged.expectation.onePacket === true;
  // In FTP's active mode it is the real server that opens a data connection.
  const [ins, outs] = flow.origin === connection.server?.node ? [reply, request] : [request, reply];
  return [...arrived(ins, 'in'), ...(perPacket ? [] : arrived(outs, 'out'))];
}

/** The shortest time after which an entry may be gone: what `ipvsadm --set` takes are seconds. */
const shortest = 1_000_000_000n;

/**
 * The packets that may have opened an entry at the node. The first that was sent on did for sure, unless the same addresses and
 * ports had an entry before, which a connection that comes again may go on with, or another node got a packet before, which may
 * have told this one. Later ones may have when the entry can have ended: after a silence, or a change of the service.
 */
function openings(
  judged: Case,
  node: string,
  connection: Connection,
  opened: Set<string>,
): readonly Counted[] {
  const {request, flow} = connection;
  const key = tupleKey(flow.tuple);
  const anew = judged.expectation.onePacket === true || !opened.has(key);
  const others = judged.expectation.failover?.directors.filter(name => name !== node) ?? [];
  const {events, cleared = []} = judged.run.record;
  const changes = [
    ...events.filter(event => event.node === node && event.edit.kind === 'remove'),
    ...cleared.filter(one => one.node === node).map(({to}) => ({at: to})),
  ].map(({at}) => BigInt(at));
  const asked = request
    .filter(path => !isDouble(judged.altered, flow, path))
    .flatMap(path => arrivals(path, node).map(one => ({...one, path})));
  const openers = asked.filter(({crossing}) => opens(crossing.any.packet));
  // One that another director opened is told of by its sync daemon, or unknown here: no scheduler is asked.
  const candidates =
    openers.length > 0 ? openers : isOpenedAt(others, request) ? [] : asked.slice(0, 1);
  let before: bigint | undefined;
  let there = false;
  return candidates.flatMap(({crossing, sentOn, path}) => {
    const at = arrival(crossing);
    const since = before ?? at;
    before = at;
    const ended = at - since >= shortest || changes.some(time => time > since && time < at);
    if (there && !ended) return [];
    const first = !there && sentOn && opens(crossing.any.packet);
    there ||= sentOn;
    const elsewhere = request
      .slice(0, request.indexOf(path))
      .some(other => arrivals(other, node).length === 0);
    const sure = anew && first && !elsewhere;
    if (sure) opened.add(key);
    return [{kind: 'connection', bytes: 0, at, server: serverOf(judged, connection), sure}];
  });
}

const isOpenedAt = (nodes: readonly string[], request: readonly Path[]): boolean =>
  request.some(path =>
    nodes.some(name => arrivals(path, name).some(({crossing}) => opens(crossing.any.packet))),
  );

/** A TCP SYN, an SCTP INIT, and each UDP datagram (ip_vs_proto_tcp.c, _sctp.c, _udp.c: conn_schedule). */
export function opens(packet: Packet): boolean {
  const header = transport(packet);
  if (header?.kind === 'tcp') return header.flags.includes('S') && !header.flags.includes('.');
  return header?.kind === 'udp'
    ? true
    : header?.kind === 'sctp' && header.chunks.some(({kind}) => kind === 'init');
}

/** Each time that the packet came to the node, and whether it went on from there. */
function arrivals(
  {crossings}: Path,
  node: string,
): readonly {
  readonly crossing: Crossing;
  readonly next: Crossing | undefined;
  readonly sentOn: boolean;
}[] {
  return crossings.flatMap((crossing, i) => {
    const next = crossings[i + 1];
    return crossing.to === node ? [{crossing, next, sentOn: next?.from === node}] : [];
  });
}

/** ICMP errors that came to the node or that it made, and fragments that came to it without the header of the first. */
function besides(crossing: Crossing, node: string): readonly Counted[] {
  if (transport(crossing.any.packet) !== undefined) return [];
  const about = crossing.any.packet.headers.some(
    header => (header.kind === 'icmp' || header.kind === 'icmpv6') && header.quoted !== undefined,
  );
  const here = crossing.to === node || (about && crossing.from === node);
  if (!here || (!about && fragmentOf(crossing) === undefined)) return [];
  const one = {bytes: lengthOf(crossing.any.packet), at: arrival(crossing), server: 'any'} as const;
  return [
    {...one, kind: 'in', sure: false},
    {...one, kind: 'out', sure: false},
  ];
}

export function fragmentOf({any}: Crossing): string | undefined {
  const ip = innermostIp(any.packet);
  return ip === undefined ? undefined : fragmentKey(ip);
}

/** skb->len at a hook of the IP layer: the IP packet without what Ethernet adds. */
export function lengthOf(packet: Packet): number {
  const ip = innermostIp(packet);
  if (ip === undefined) return 0;
  return ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength + 40;
}

/** Counters can say no less than `least` and no more than `most`. */
export interface Bounds {
  readonly least: Counters;
  readonly most: Counters;
}

/** The bounds of the counters that the things are in, as far as `certainty` says. */
export function boundsOf(all: readonly Counted[], certainty: (one: Counted) => Certainty): Bounds {
  const least = {connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0};
  const most = {...least};
  for (const one of all) {
    const grade = certainty(one);
    if (grade === 'never') continue;
    for (const sums of one.sure && grade === 'sure' ? [least, most] : [most])
      if (one.kind === 'connection') sums.connections += 1;
      else {
        sums[one.kind === 'in' ? 'packetsIn' : 'packetsOut'] += 1;
        sums[one.kind === 'in' ? 'bytesIn' : 'bytesOut'] += one.bytes;
      }
  }
  return {least, most};
}

export function sumOf(all: readonly Counters[]): Counters {
  const of = (field: keyof Counters): number =>
    all.reduce((sum, counters) => sum + counters[field], 0);
  return {
    connections: of('connections'),
    packetsIn: of('packetsIn'),
    packetsOut: of('packetsOut'),
    bytesIn: of('bytesIn'),
    bytesOut: of('bytesOut'),
  };
}
