import {fragmentKey} from './essence.ts';
import type {Crossings} from './drafts.ts';
import {packetKey, reassemble} from './datagrams.ts';
import type {Essences} from './essences.ts';
import {groupBy} from './group.ts';

/** A packet that crossed a network in fragments. */
export interface Assembly {
  /** The frame as it would be had it crossed whole. */
  readonly bytes: Uint8Array;
  /** The crossings of its fragments, in order of their offsets. */
  readonly crossings: readonly number[];
}

/**
 * Puts the fragments of a packet together where they crossed one link: it is followed as the whole, by the crossing of its first
 * fragment. What is not exactly the fragments of one packet stays as it is, each fragment a packet of its own.
 */
export class Assemblies {
  /** By the crossing of the first fragment. */
  readonly #whole = new Map<number, Assembly>();
  /** The crossings of further fragments. */
  readonly #further = new Set<number>();

  constructor(
    essences: Essences,
    {group: groups}: Crossings,
    networkOf: (group: number) => number,
  ) {
    const {fragments} = essences;
    if (fragments.size === 0) return;
    const crossingsOf = groupBy(
      Array.from({length: groups.length}, (_, crossing) => crossing).filter(crossing =>
        fragments.has(groups[crossing] ?? -1),
      ),
      crossing => groups[crossing] ?? -1,
    );
    const loose: number[] = [];
    for (const found of groupBy(
      fragments,
      ([group, fragment]) => `${networkOf(group)} ${packetKey(fragment)}`,
    ).values()) {
      const inOrder = found.toSorted(([, a], [, b]) => a.offset - b.offset);
      const pieces = inOrder.map(([group]) => crossingsOf.get(group) ?? []);
      const bytes = reassemble(inOrder.map(([, fragment]) => fragment));
      const [[lead] = [-1]] = inOrder;
      const [first = []] = pieces;
      if (
        bytes === undefined ||
        pieces.some(({length}) => length !== first.length) ||
        !essences.readAs(lead, bytes)
      ) {
        loose.push(...found.map(([group]) => group));
        continue;
      }
      for (const [i, crossing] of first.entries()) {
        const crossings = pieces.flatMap(list => list[i] ?? []);
        this.#whole.set(crossing, {bytes, crossings});
        for (const further of crossings.slice(1)) this.#further.add(further);
      }
    }
    readLoose(essences, loose, groups, networkOf);
  }

  /** The packet that crossed in fragments of which this is the first; undefined for any other crossing. */
  of(crossing: number): Assembly | undefined {
    return this.#whole.get(crossing);
  }

  isFurther(crossing: number): boolean {
    return this.#further.has(crossing);
  }
}

/** Reads each by itself; those without ports have the tuple of the latest with ports of their packet. */
function readLoose(
  essences: Essences,
  loose: readonly number[],
  groups: Int32Array,
  networkOf: (group: number) => number,
): void {
  if (loose.length === 0) return;
  const keys = new Map<number, string>();
  for (const group of loose) {
    const fragment = essences.fragments.get(group);
    if (fragment === undefined) continue;
    essences.readFragment(group, fragment);
    keys.set(group, `${networkOf(group)} ${fragmentKey(fragment.ip)}`);
  }
  const tuples = new Map<string, number>();
  for (const group of groups) {
    const key = keys.get(group);
    const tuple = essences.tuple[group] ?? -1;
    if (key !== undefined && tuple >= 0) tuples.set(key, tuple);
  }
  for (const [group, key] of keys)
    if ((essences.tuple[group] ?? -1) < 0) essences.tuple[group] = tuples.get(key) ?? -1;
}
