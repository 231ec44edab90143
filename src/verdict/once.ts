import {departure, essenceOf, placeOf} from '../trace/essence.ts';
import {groupBy} from '../trace/group.ts';
import type {Path} from '../trace/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {Notation} from './notation.ts';
import {isDouble} from './path-checks.ts';
import {endOf, from, half, segmentOf, type Segment} from './segments.ts';
import type {Check} from './types.ts';

/**
 * Whether no packet was there twice. What is sent again has an IP id of its own (RFC 6864, 4.3; net/ipv4/ip_output.c): two packets
 * of one connection that are equal, id included, are a duplicate. Where the id is 0, and in IPv6, the time tells: see sentAgain.
 */
export function checkOnce(judged: Case): Check {
  const draft = new CheckDraft('once', 'no packet twice');
  const notation = new Notation(judged.names);
  for (const {flow} of judged.connections) {
    const paths = flow.paths.filter(path => !isDouble(judged.altered, flow, path));
    const packets = paths.flatMap(({crossings: [first], origin}) =>
      first === undefined ? [] : [{first, origin, essence: essenceOf(first.any)}],
    );
    draft.judge(packets.length);
    const byIdentity = groupBy(
      packets.filter(({essence}) => essence?.ip.kind === 'ipv4' && essence.ip.id !== 0),
      ({origin, essence}) => `${origin} ${essence?.identity}`,
    );
    for (const [one, ...more] of byIdentity.values())
      for (const {first} of more)
        draft.fail({
          field: 'path',
          expected: `sent once (${one === undefined ? '' : placeOf(one.first.any)})`,
          actual: 'once more, with the same IP id',
          place: placeOf(first.any),
          actualPacket: notation.seen(first),
        });
    // For a packet that was too large a part of its data goes out again as soon as the ICMP error has come.
    if (flow.errors.length > 0) continue;
    for (const {first, again} of [...groupBy(segmentsOf(paths), ({origin}) => origin).values()]
      .flatMap(sentAgain)
      .filter(one => !isAnotherAnswer(one.again, paths)))
      draft.fail({
        field: 'tcp.seq',
        expected: `sent again no sooner than a timer can run out (${placeOf(first.sighting)})`,
        actual: `${again.at - first.at} ns later`,
        place: placeOf(again.sighting),
        actualPacket: notation.packet(again.sighting.packet),
      });
  }
  return draft.done();
}

/** No timer of Linux's TCP is shorter than two jiffies (include/net/tcp.h, TCP_TIMEOUT_MIN), of 1 ms or more each. */
const soonest = 1_000_000n;

type Departed = Segment & {readonly origin: string | undefined; readonly at: bigint};

/** Segments that take sequence numbers. */
const segmentsOf = (paths: readonly Path[]): readonly Departed[] =>
  paths
    .flatMap(path => {
      const [crossing] = path.crossings;
      const at = crossing === undefined ? 0n : departure(crossing);
      return segmentOf(path).map(segment => ({...segment, origin: path.origin, at}));
    })
    .filter(({length, header}) => length > 0 && !header.flags.includes('R'));

/** A SYN that comes again is answered again, which the timer of the first answer may do at the same time. */
const isAnotherAnswer = ({header}: Segment, paths: readonly Path[]): boolean =>
  header.flags.includes('S') &&
  header.flags.includes('.') &&
  paths
    .flatMap(segmentOf)
    .filter(({header: {flags}}) => flags.includes('S') && !flags.includes('.')).length > 1;

/**
 * Segments that hold the last sequence numbers which their maker had sent, once more and at once. Only a timer sends those
 * again: for a faster way the other end must tell of something behind them that it has (RFC 6675, RFC 8985).
 */
function sentAgain(
  own: readonly Departed[],
): readonly {readonly first: Departed; readonly again: Departed}[] {
  const segments = own.toSorted((a, b) => Number(a.at - b.at));
  let last: Departed | undefined;
  return segments.flatMap(again => {
    const first = last;
    if (first === undefined) {
      last = again;
      return [];
    }
    /** How much of what was sent last it has before it: more than it holds when it ends before that does. */
    const repeated = from(again.header.sequence, endOf(first));
    if (repeated > again.length && repeated < half) return [];
    last = again;
    return repeated > 0 && repeated <= first.length && again.at - first.at < soonest
      ? [{first, again}]
      : [];
  });
}
