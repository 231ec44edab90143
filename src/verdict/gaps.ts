import {placeOf} from '../trace/essence.ts';
import {groupBy} from '../trace/group.ts';
import type {Flow} from '../trace/types.ts';
import type {Connection} from './connections.ts';
import {from, half, segmentAt, segmentOf, type Segment} from './segments.ts';

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

/**
 * The gaps of one connection. A server's first bare ACK leaves none, and IPv6 has no ids. Data of it that is in one of the
 * `flows` was seen, if with addresses or ports that are not the connection's: that is no gap but a fault.
 */
export function findGaps({flow, server: chosen}: Connection, flows: readonly Flow[]): Gaps {
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
        .flatMap(other =>
          unseenData({node, own: segments, theirs: other.segments}, everything, {
            answers: arrivedAt(node, other.node),
            elsewhere: () =>
              flows.filter(one => one !== flow).flatMap(({paths}) => paths.flatMap(segmentOf)),
          }),
        ),
    ),
    skipped: sides.flatMap(({node, segments}) => skippedIds(node, segments, pieces)),
  };
}

interface Side {
  readonly node: string;
  readonly own: readonly Segment[];
  readonly theirs: readonly Segment[];
}

function unseenData(
  {node, own, theirs}: Side,
  segments: readonly Segment[],
  {
    answers,
    elsewhere,
  }: {readonly answers: readonly Segment[]; readonly elsewhere: () => readonly Segment[]},
): string[] {
  const start = startOf(own);
  if (start === undefined) return [];
  const acknowledgedBeyond = (covered: number): Segment | undefined =>
    answers.find(({header}) => {
      const acknowledged = from(start, header.acknowledgement);
      return (
        header.flags.includes('.') &&
        !header.flags.includes('R') &&
        acknowledged < half &&
        acknowledged > covered
      );
    });
  const covered = coverage(start, segments);
  if (acknowledgedBeyond(covered) === undefined) return [];
  const astray = elsewhere().filter(({header}) => isAnswerTo(theirs, header.acknowledgement));
  const reached = withAstray(start, segments, astray);
  const beyond = acknowledgedBeyond(reached);
  return beyond === undefined
    ? []
    : [
        `${placeOf(beyond.sighting)} acknowledges data of ${node} that no capture has (from relative sequence number ${reached})`,
      ];
}

const startOf = (own: readonly Segment[]): number | undefined =>
  own.find(({header}) => header.flags.includes('S'))?.header.sequence;

/** How far the segments reach from `start` without a gap. */
function coverage(start: number, segments: readonly Segment[]): number {
  const ranges = segments
    .map(({header, length}) => ({begin: from(start, header.sequence), length}))
    .filter(({begin, length}) => begin < half && length > 0)
    .toSorted((a, b) => a.begin - b.begin);
  let covered = 0;
  for (const {begin, length} of ranges)
    if (begin <= covered) covered = Math.max(covered, begin + length);
  return covered;
}

/** How far they reach with those of other flows that begin exactly where a gap begins. */
function withAstray(
  start: number,
  segments: readonly Segment[],
  astray: readonly Segment[],
): number {
  const known = [...segments];
  for (;;) {
    const covered = coverage(start, known);
    const next = astray.find(
      ({header, length}) => length > 0 && from(start, header.sequence) === covered,
    );
    if (next === undefined) return covered;
    known.push(next);
  }
}

/** Whether it acknowledges what the other side had sent: with the sequence number, 64 bits that no other connection has. */
function isAnswerTo(theirs: readonly Segment[], acknowledgement: number): boolean {
  const start = startOf(theirs);
  return start !== undefined && from(start, acknowledgement) <= coverage(start, theirs);
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
