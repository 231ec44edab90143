import {departure, essenceOf, placeOf} from '../trace/essence.ts';
import {groupBy} from '../trace/group.ts';
import type {Path} from '../trace/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {Notation} from './notation.ts';
import {isDouble} from './path-checks.ts';
import {segmentOf, type Segment} from './segments.ts';
import type {Check} from './types.ts';

/**
 * Whether no packet was there twice. What is sent again has an IP id of its own (RFC 6864, 4.3; net/ipv4/ip_output.c): two packets
 * of one connection that are equal, id included, are a duplicate. Where the id is 0, and in IPv6, the time
 * tells of a SYN or SYN-ACK: see openedAgain.
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
    for (const {first, again} of openedAgain(paths))
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

/** A SYN or SYN-ACK is sent again after a second (RFC 6298, section 2.1); this leaves room for timers of other makers. */
const soonest = 1_000_000n;

/**
 * SYNs and SYN-ACKs that were sent once more and at once. Of what follows a SYN nothing can be said: Linux probes for the loss of
 * the last segment by a timer that the one before may have started, and has sent a FIN twice within 0.8 ms. Nor of answers to a SYN that
 * came again, which the timer of the first answer may give at the same time.
 */
function openedAgain(
  paths: readonly Path[],
): readonly {readonly first: Opener; readonly again: Opener}[] {
  const openers = paths.flatMap(openerOf).toSorted((a, b) => Number(a.at - b.at));
  const asked = openers.filter(({header}) => !header.flags.includes('.'));
  const told = asked.length > 1 ? asked : openers;
  return [...groupBy(told, ({origin}) => origin).values()].flatMap(own =>
    own.flatMap((again, i) => {
      const first = own[i - 1];
      const isRepeated = first !== undefined && first.header.sequence === again.header.sequence;
      return isRepeated && again.at - first.at < soonest ? [{first, again}] : [];
    }),
  );
}

type Opener = Segment & {readonly origin: string | undefined; readonly at: bigint};

function openerOf(path: Path): readonly Opener[] {
  const [crossing] = path.crossings;
  if (crossing === undefined) return [];
  return segmentOf(path)
    .filter(({header}) => header.flags.includes('S'))
    .map(segment => ({...segment, origin: path.origin, at: departure(crossing)}));
}
