import {placeOf} from '../trace/essence.ts';
import type {Crossing, Sighting} from '../trace/types.ts';
import {transport} from '../wire/packet.ts';
import type {Tcp} from '../wire/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import {Notation} from './notation.ts';
import {endOf, from, half, segmentOf, type Segment} from './segments.ts';
import type {Check} from './types.ts';

/**
 * Whether frames were seen in an order that can be: each where it was sent before where it came, sent on after it came,
 * no data acknowledged before it came, and nothing sent behind a FIN. One clock, the kernel's, stamps the frames of all interfaces of a lab.
 */
export function checkOrder(judged: Case): Check {
  const draft = new CheckDraft('order', 'no frame before what it follows from');
  const notation = new Notation(judged.names);
  const compare = (what: string, before: Sighting, after: Sighting, crossing: Crossing): void => {
    draft.judge();
    if (before.frame.time <= after.frame.time) return;
    draft.fail({
      field: 'time',
      expected: `${what} (${placeOf(before)}) before`,
      actual: `${before.frame.time - after.frame.time} ns later`,
      place: placeOf(after),
      actualPacket: notation.seen(crossing),
    });
  };
  for (const {request, reply} of judged.connections) {
    for (const path of [...request, ...reply])
      for (const [i, crossing] of path.crossings.entries()) {
        const {sent, received, any} = crossing;
        if (sent !== undefined && received !== undefined) compare('sent', sent, received, crossing);
        const before = path.crossings[i - 1];
        if (before !== undefined)
          compare('received', before.received ?? before.any, sent ?? any, crossing);
      }
    for (const [own, others] of [
      [request, reply],
      [reply, request],
    ] as const)
      for (const {crossing, early} of acknowledgedEarly(own, others))
        draft.fail({
          field: 'time',
          expected: `data that came before (${placeOf(early)})`,
          actual: 'acknowledged before it came',
          place: placeOf(crossing.any),
          actualPacket: notation.seen(crossing),
        });
    for (const own of [request, reply])
      for (const {fin, behind} of sentBehindFin(own))
        draft.fail({
          field: 'tcp.flags',
          expected: `no FIN before the last octet, or nothing behind it (${placeOf(fin.sighting)})`,
          actual: 'sequence numbers behind it',
          place: placeOf(behind.sighting),
          actualPacket: notation.packet(behind.sighting.packet),
        });
  }
  return draft.done();
}

/** A FIN takes the last sequence number that its end uses (RFC 9293, section 3.10.4), however often it is sent. */
function sentBehindFin(
  own: Connection['request'],
): readonly {readonly fin: Segment; readonly behind: Segment}[] {
  const segments = own.flatMap(segmentOf).filter(({header}) => !header.flags.includes('R'));
  const fins = segments.filter(({header}) => header.flags.includes('F'));
  const [first] = fins;
  if (first === undefined) return [];
  const fin = fins.reduce((one, other) => (isBehind(one, other) ? other : one), first);
  const behind = segments.find(one => one.length > 0 && isBehind(one, fin));
  return behind === undefined ? [] : [{fin, behind}];
}

/** Whether it ends behind the other's end. */
function isBehind(one: Segment, other: Segment): boolean {
  const distance = from(endOf(other), endOf(one));
  return distance > 0 && distance < half;
}

type Early = {readonly crossing: Crossing; readonly early: Sighting};

/** ACKs that left an end before the data that they acknowledge had come to it; data that never came is no matter of order. */
function acknowledgedEarly(
  own: Connection['request'],
  others: Connection['reply'],
): readonly Early[] {
  const arrivals = others
    .flatMap(path => {
      const last = path.crossings.at(-1);
      const header = tcpOf(last);
      if (last === undefined || header === undefined) return [];
      const phantom = Number(header.flags.includes('S')) + Number(header.flags.includes('F'));
      const end = (header.sequence + last.any.packet.payload.length + phantom) >>> 0;
      return [{at: last.received ?? last.any, end}];
    })
    .toSorted((a, b) => Number(a.at.frame.time - b.at.frame.time));
  return own.flatMap(path => {
    const [crossing] = path.crossings;
    const header = tcpOf(crossing);
    if (crossing === undefined || header === undefined || !header.flags.includes('.')) return [];
    const covers = ({end}: {readonly end: number}): boolean =>
      (end - header.acknowledgement) >>> 0 < half;
    const first = arrivals.find(covers);
    const left = crossing.sent ?? crossing.any;
    return first === undefined || first.at.frame.time <= left.frame.time
      ? []
      : [{crossing, early: first.at}];
  });
}

function tcpOf(crossing: Crossing | undefined): Tcp | undefined {
  const header = crossing === undefined ? undefined : transport(crossing.any.packet);
  return header?.kind === 'tcp' ? header : undefined;
}
