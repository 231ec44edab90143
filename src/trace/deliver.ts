import {links} from '../wire/frame-table.ts';
import {lastOf, type Chains} from './chains.ts';
import {groupBy} from './group.ts';
import type {Meetings} from './meetings.ts';
import type {Passages} from './passages.ts';

/** Sightings on tunnel devices, by the chain that brought their packet; `orphans` are those that none brought. */
export interface Deliveries {
  readonly delivered: ReadonlyMap<number, readonly number[]>;
  readonly orphans: readonly number[];
}

/** Matches each sighting on a device without MACs with the path whose last packet it was in, by content and time. */
export function deliver(passages: Passages, meetings: Meetings, chains: Chains): Deliveries {
  const {sightings, places, essences} = passages;
  const delivered = new Map<number, number[]>();
  const orphans: number[] = [];
  const raw: number[] = [];
  for (let sighting = 0; sighting < sightings.length; sighting++)
    if (sightings.link[sighting] !== links.ethernet) raw.push(sighting);
  if (raw.length === 0) return {delivered, orphans};
  const meetingAt = (crossing: number): number =>
    meetings.find(passages.to(crossing), passages.identity(crossing));
  const ends = groupBy(
    Array.from({length: chains.length}, (_, chain) => chain),
    chain => meetingAt(lastOf(chains, chain)),
  );
  const endAt = (sighting: number) => places.captures[sightings.capture[sighting] ?? 0];
  for (const sighting of raw.toSorted((a, b) => sightings.wait(b, a))) {
    const identity = essences.identityOf(sighting);
    const meeting = identity < 0 ? -1 : meetings.find(endAt(sighting)?.node ?? -1, identity);
    const isFree = (chain: number): boolean =>
      !delivered.get(chain)?.some(other => endAt(other)?.place === endAt(sighting)?.place);
    const end =
      meeting < 0
        ? undefined
        : ends
            .get(meeting)
            ?.findLast(
              chain =>
                sightings.wait(passages.arrival(lastOf(chains, chain)), sighting) >= 0 &&
                isFree(chain),
            );
    if (end === undefined) orphans.push(sighting);
    else delivered.set(end, [...(delivered.get(end) ?? []), sighting]);
  }
  return {delivered, orphans};
}
