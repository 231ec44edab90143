import type {Counters} from '../ipvs/types.ts';
import {tupleKey} from '../trace/essence.ts';
import type {Path} from '../trace/types.ts';
import {innermostIp} from '../wire/packet.ts';
import type {Case} from './case.ts';
import type {Connection} from './connections.ts';

/** What packets show; a connection that comes again from the same port may go on with its old entry, uncounted. */
export interface Seen extends Counters {
  /** Connections from different addresses and ports: no fewer are counted. */
  readonly entries: number;
}

/**
 * What IPVS on a node must have counted of the connections (net/netfilter/ipvs/ip_vs_core.c): a connection where its first
 * packet came to be scheduled, each request that came as in, and as out each reply that came from the real server's own
 * address, which masq answers for; with droute and tunnel no reply is. Bytes are those of the IP packets.
 */
export function packetsOf(judged: Case, node: string, connections: readonly Connection[]): Seen {
  const scheduled = connections.filter(
    ({request: [first]}) => first !== undefined && lengthAt(first, node) !== undefined,
  );
  const entries = new Set(
    scheduled.map(({flow: {tuple}}, i) =>
      judged.expectation.onePacket === true ? String(i) : tupleKey(tuple),
    ),
  );
  const sums = sumOf(
    connections.map(({request, reply, virtual}) => {
      const vip = virtual?.address ?? judged.virtual;
      const asked = request.flatMap(path => lengthAt(path, node) ?? []);
      const answered = reply.flatMap(path => lengthAt(path, node, vip) ?? []);
      const first = request[0];
      return {
        connections: first !== undefined && lengthAt(first, node) !== undefined ? 1 : 0,
        packetsIn: asked.length,
        packetsOut: judged.expectation.onePacket === true ? 0 : answered.length,
        bytesIn: sum(asked),
        bytesOut: judged.expectation.onePacket === true ? 0 : sum(answered),
      };
    }),
  );
  return {...sums, entries: entries.size};
}

/** Bytes of the IP packet as it came to the node, undefined when it did not, or came from the address `not`. */
function lengthAt({crossings}: Path, node: string, not?: string): number | undefined {
  const crossing = crossings.find(({to}) => to === node);
  const ip = crossing === undefined ? undefined : innermostIp(crossing.any.packet);
  if (ip === undefined || ip.source === not) return undefined;
  return ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength + 40;
}

/** Whether only packets of connections were counted: an ICMP error about one counts too (ip_vs_in_icmp, ip_vs_out_icmp). */
export const isCounted = ({trace}: Case, node: string): boolean =>
  !trace.other.some(
    ({to, any}) =>
      to === node &&
      any.packet.headers.some(
        header =>
          (header.kind === 'icmp' || header.kind === 'icmpv6') && header.quoted !== undefined,
      ),
  );

export function sumOf(all: readonly Counters[]): Counters {
  const of = (field: keyof Counters): number => sum(all.map(counters => counters[field]));
  return {
    connections: of('connections'),
    packetsIn: of('packetsIn'),
    packetsOut: of('packetsOut'),
    bytesIn: of('bytesIn'),
    bytesOut: of('bytesOut'),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
