import {placeOf} from '../trace/essence.ts';
import {groupBy} from '../trace/group.ts';
import type {Crossing, Path, Sighting} from '../trace/types.ts';
import {innermostIp, transport} from '../wire/packet.ts';
import type {Tcp} from '../wire/types.ts';
import type {Connection} from './connections.ts';

/** A TCP segment where its maker sent it, or where it came. */
interface Segment {
  readonly sighting: Sighting;
  readonly header: Tcp;
  /** Sequence numbers that it takes: payload, SYN and FIN. */
  readonly length: number;
  readonly id: number;
}

/** Packets that no capture has, though what is there tells of them. */
export interface Gaps {
  /** Data that was acknowledged and never seen (RFC 9293: an acknowledgement names the next octet expected). */
  readonly unseen: readonly string[];
  /**
   * IP ids that one end left out between two that it used. Linux counts a connected socket's ids up by one
   * (net/ipv4/ip_output.c), but need not for ever: this tells against a PASS, not against a failure.
   */
  readonly skipped: readonly string[];
}

/** The gaps of one connection. A server's first bare ACK leaves none, and IPv6 has no ids. */
export function findGaps({flow, server: chosen}: Connection): Gaps {
  const byOrigin = groupBy(flow.paths, ({origin}) => origin);
  const client = flow.origin;
  // In FTP's active mode it is the server that opens the connection.
  const server =
    chosen?.node === client
      ? flow.paths.find(({origin}) => origin === client)?.crossings.at(-1)?.to
      : chosen?.node;
  // The ends speak for themselves; what seems to begin elsewhere is a piece of a path and counts as data of either.
  const pieces = [...byOrigin]
    .filter(([origin]) => origin !== client && origin !== server)
    .flatMap(([, paths]) => paths.flatMap(segmentOf));
  const sides = [client, server].flatMap(node =>
    node === undefined ? [] : [{node, segments: (byOrigin.get(node) ?? []).flatMap(segmentOf)}],
  );
  // A frame with a wrong MAC counts as another's, yet its data was seen; an altered ACK does not come to its end as it is.
  const everything = flow.paths.flatMap(segmentOf);
  const arrivedAt = (node: string, origin: string): readonly Segment[] =>
    (byOrigin.get(origin) ?? [])
      .filter(({crossings}) => crossings.at(-1)?.to === node)
      .flatMap(({crossings}) => segmentAt(crossings.at(-1)));
  return {
    unseen: sides.flatMap(({node, segments}) =>
      sides
        .filter(other => other.node !== node)
        .flatMap(other => unseenData(node, segments, everything, arrivedAt(node, other.node))),
    ),
    skipped: sides.flatMap(({node, segments}) => skippedIds(node, segments, pieces)),
  };
}

const segmentOf = ({crossings: [first]}: Path): Segment[] => segmentAt(first);

function segmentAt(crossing: Crossing | undefined): Segment[] {
  const sighting = crossing?.any;
  if (sighting === undefined) return [];
  const header = transport(sighting.packet);
  const ip = innermostIp(sighting.packet);
  if (header?.kind !== 'tcp' || ip === undefined) return [];
  const phantom = Number(header.flags.includes('S')) + Number(header.flags.includes('F'));
  return [
    {
      sighting,
      header,
      length: sighting.packet.payload.length + phantom,
      id: ip.kind === 'ipv4' ? ip.id : 0,
    },
  ];
}

/** Sequence numbers wrap (RFC 9293, section 3.4): the distance from `start`, as an unsigned 32-bit number. */
const from = (start: number, value: number): number => (value - start) >>> 0;
const half = 2 ** 31;

function unseenData(
  node: string,
  own: readonly Segment[],
  segments: readonly Segment[],
  answers: readonly Segment[],
): string[] {
  const start = own.find(({header}) => header.flags.includes('S'))?.header.sequence;
  if (start === undefined) return [];
  const ranges = segments
    .map(({header, length}) => ({begin: from(start, header.sequence), length}))
    .filter(({begin, length}) => begin < half && length > 0)
    .toSorted((a, b) => a.begin - b.begin);
  let covered = 0;
  for (const {begin, length} of ranges)
    if (begin <= covered) covered = Math.max(covered, begin + length);
  const beyond = answers.find(({header}) => {
    const acknowledged = from(start, header.acknowledgement);
    return (
      header.flags.includes('.') &&
      !header.flags.includes('R') &&
      acknowledged < half &&
      acknowledged > covered
    );
  });
  return beyond === undefined
    ? []
    : [
        `${placeOf(beyond.sighting)} acknowledges data of ${node} that no capture has (from relative sequence number ${covered})`,
      ];
}

/** Packets that are answered by none (a bare ACK) leave no other trace. */
function skippedIds(
  node: string,
  segments: readonly Segment[],
  pieces: readonly Segment[],
): string[] {
  const ids = new Set([...segments, ...pieces].map(({id}) => id));
  return segments.flatMap(({id, sighting}) => {
    const skipped = (id + 1) & 0xffff;
    const next = (id + 2) & 0xffff;
    // A SYN-ACK has the id 0, whatever its connection counts from (net/ipv4/ip_output.c, ip_build_and_send_pkt).
    return id !== 0 && skipped !== 0 && next !== 0 && ids.has(next) && !ids.has(skipped)
      ? [
          `${placeOf(sighting)} has IP id ${id}, ${node} also sent ${next}, and no capture has ${skipped}`,
        ]
      : [];
  });
}
