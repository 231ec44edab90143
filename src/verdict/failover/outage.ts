import {departure, placeOf} from '../../trace/essence.ts';
import type {Path} from '../../trace/types.ts';
import {CheckDraft} from '../checks.ts';
import {compareHop} from '../compare.ts';
import type {Hop} from '../hops.ts';
import {Notation} from '../notation.ts';
import type {Check} from '../types.ts';
import {advertsOf} from './adverts.ts';
import type {FailoverCase} from './context.ts';
import type {Lost} from './sort.ts';
import {ownerOf, type Change} from './timeline.ts';
import type {Outage} from './types.ts';

/** The hops of a direction through a director. */
export type HopsThrough = (director: string, direction: Lost['direction']) => readonly Hop[];

/**
 * Packets that a dead director swallowed: each came its way right up to it, and ended there. A bridge that has forgotten the
 * director's MAC floods them, so others may have seen the last frame. [] when nobody dies.
 */
export function checkOutage(all: FailoverCase, hopsThrough: HopsThrough): readonly Check[] {
  const {judged, sorted, timeline} = all;
  if (timeline.deaths.size === 0) return [];
  const draft = new CheckDraft(
    'outage',
    'between death and failover packets end at the dead director, and only there',
  );
  for (const {connection, path, direction, director} of sorted.lost) {
    const hops = hopsThrough(director, direction);
    const last = hops.findIndex(({link}) => link.destination === director);
    const notation = new Notation(judged.names, connection);
    const setting = {topology: judged.run.topology, names: judged.names, connection, notation};
    draft.judge();
    const fail = (field: string, expected: string, actual: string, at = path.crossings[0]): void =>
      draft.fail({
        field,
        expected,
        actual,
        place: at === undefined ? '' : placeOf(at.any),
        actualPacket: at === undefined ? '' : notation.seen(at),
      });
    for (const [i, crossing] of path.crossings.entries()) {
      const hop = hops[i];
      if (hop === undefined || i > last) {
        fail('path', `the path ends at ${director}`, 'it goes on', crossing);
        break;
      }
      const {network, from, to, sent, received, any, fragments} = crossing;
      const others = i === last ? [] : crossing.others;
      const seen = {network, from, to, sent, received, others, any, fragments};
      for (const {field, expected, actual} of compareHop(setting, hop, seen, path.crossings[i - 1]))
        fail(field, expected, actual, crossing);
    }
    if (path.crossings.length < last)
      fail(
        'path',
        `the path ends at ${director}`,
        `it ends at ${path.crossings.at(-1)?.to ?? '?'}`,
      );
  }
  return [draft.done()];
}

/** How long each death was felt. */
export function measureOutages(all: FailoverCase, hopsThrough: HopsThrough): readonly Outage[] {
  const {failover, timeline} = all;
  return timeline.changes.flatMap(change =>
    failover.routers.flatMap(({id}) => {
      const [from, to] = [ownerOf(change.before, id), ownerOf(change.after, id)];
      const outage =
        change.kind !== 'kill' || from === undefined || to === undefined || from === to
          ? undefined
          : measure(all, hopsThrough, change, {router: id, from, to});
      return outage === undefined ? [] : [outage];
    }),
  );
}

function measure(
  all: FailoverCase,
  hopsThrough: HopsThrough,
  change: Change,
  who: {readonly router: number; readonly from: string; readonly to: string},
): Outage | undefined {
  const taken = [
    ...all.announcements.filter(({router, from}) => router === who.router && from === who.to),
    ...advertsOf(all)
      .filter(
        ({header, crossing}) => header.virtualRouter === who.router && crossing.from === who.to,
      )
      .map(({at}) => ({at})),
  ]
    .map(({at}) => at)
    .filter(at => at >= change.from)
    .toSorted((a, b) => Number(a - b))[0];
  if (taken === undefined) return undefined;
  const forwarded = (director: string): readonly bigint[] => {
    const out = hopsThrough(director, 'request').findIndex(({link}) => link.source === director);
    return (all.sorted.through.get(director) ?? [])
      .flatMap(({request}) => request.flatMap(path => timeAt(path, out)))
      .toSorted((a, b) => Number(a - b));
  };
  const last = forwarded(who.from).at(-1) ?? change.from;
  const first = forwarded(who.to).find(at => at >= change.from);
  const begin = last > change.from ? last : change.from;
  return {
    ...who,
    takeoverMs: milliseconds(taken - begin),
    gapMs: first === undefined ? undefined : milliseconds(first - begin),
    lost: all.sorted.lost.filter(({director}) => director === who.from).length,
  };
}

function timeAt({crossings}: Path, index: number): readonly bigint[] {
  const crossing = crossings[index];
  return crossing === undefined ? [] : [departure(crossing)];
}

/** To a tenth. */
const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds / 100_000n) / 10;
