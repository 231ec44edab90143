import {differences, rewritable} from './fields.ts';
import {arrival, byTime, departure, essenceOf} from './essence.ts';
import {groupBy} from './group.ts';
import type {Passage} from './passages.ts';
import type {Path, Sighting} from './types.ts';

/** A path with its passages: the path is what is shown, the passages tell its connection. */
export interface Track {
  readonly path: Path;
  readonly passages: readonly [Passage, ...Passage[]];
}

/**
 * Follows each linked passage to its end, in order of the paths' first sightings, and gives decapsulated
 * sightings to the path that ended at their node. `orphans` are the sightings that no path delivered.
 */
export function buildTracks(
  passages: readonly Passage[],
  raw: readonly Sighting[],
): {readonly tracks: readonly Track[]; readonly orphans: readonly Sighting[]} {
  const followed = new Set<Passage>();
  const chains: [Passage, ...Passage[]][] = [];
  const follow = (start: Passage): void => {
    const chain: [Passage, ...Passage[]] = [start];
    followed.add(start);
    for (let next = start.next; next !== undefined && !followed.has(next); next = next.next) {
      chain.push(next);
      followed.add(next);
    }
    chains.push(chain);
  };
  for (const passage of passages) if (passage.previous === undefined) follow(passage);
  // Only crossings that all bear the same time can be linked to a ring: it is cut anywhere.
  for (const passage of passages) if (!followed.has(passage)) follow(passage);

  const {delivered, orphans} = deliver(chains, raw);
  const tracks = chains
    .toSorted((a, b) => byTime(departure(a[0].crossing), departure(b[0].crossing)))
    .map(chain => ({passages: chain, path: pathOf(chain, delivered.get(chain.at(-1)) ?? [])}));
  return {tracks, orphans};
}

function pathOf(chain: readonly [Passage, ...Passage[]], delivered: readonly Sighting[]): Path {
  const fields = chain.map(({crossing}) => rewritable(crossing.any.packet));
  return {
    crossings: chain.map(({crossing}) => crossing),
    rewrites: fields.slice(1).map((after, i) => differences(fields[i] ?? after, after)),
    origin: chain[0].crossing.from,
    delivered,
  };
}

/** Matches each sighting on a tunnel device with the path whose last packet it was in, by content and time. */
function deliver(chains: readonly (readonly Passage[])[], raw: readonly Sighting[]) {
  const ends = groupBy(
    chains.flatMap(chain => chain.at(-1) ?? []).filter(({crossing}) => crossing.to !== undefined),
    ({crossing, essence}) => `${crossing.to} ${essence.identity}`,
  );
  const delivered = new Map<Passage | undefined, Sighting[]>();
  const orphans: Sighting[] = [];
  for (const sighting of raw.toSorted((a, b) => byTime(a.frame.time, b.frame.time))) {
    const identity = essenceOf(sighting)?.identity;
    const end = ends
      .get(`${sighting.node} ${identity}`)
      ?.findLast(
        passage =>
          arrival(passage.crossing) <= sighting.frame.time &&
          !delivered.get(passage)?.some(other => other.interface === sighting.interface),
      );
    if (end === undefined) orphans.push(sighting);
    else delivered.set(end, [...(delivered.get(end) ?? []), sighting]);
  }
  return {delivered, orphans};
}
