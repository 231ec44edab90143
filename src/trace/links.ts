import {placeOf} from './essence.ts';
import {groupBy} from './group.ts';
import type {Meetings} from './meetings.ts';
import type {Passages} from './passages.ts';
import {Rewritings} from './rewritings.ts';

/** For each crossing the one before and the one after it on its packet's path, -1 for none. */
export interface Links {
  readonly previous: Int32Array;
  readonly next: Int32Array;
  /** What stayed undecided, in words. */
  readonly ambiguities: readonly string[];
}

// A node that keeps a packet longer than this has not forwarded it but sent another one like it.
const longest = 2_000_000_000;
// Of many identical packets in flight only the nearest are candidates: this keeps the work linear.
const candidates = 64;

/** A passage into a node and one out of it, which may be of one packet, and how well they fit. */
interface Pair {
  readonly into: number;
  readonly out: number;
  /** 0 is perfect. */
  readonly misfit: number;
  readonly order: number;
}

/**
 * Links each passage into a node with the passage that continues it. Causality decides first; then the rewrite
 * that the node already did for this connection, the TTL, the fewest rewrites, and that no helper needs to have rewritten it.
 */
export function linkPassages(passages: Passages, meetings: Meetings): Links {
  const linker = new Linker(passages);
  const {length, node, arrived, left} = meetings;
  const several: number[] = [];
  // Meetings of one packet leave no choice: what they teach decides the others.
  for (let meeting = 0; meeting < length; meeting++) {
    const into = arrived.first(meeting);
    const out = left.first(meeting);
    if (out < 0) continue;
    if (arrived.next(into) >= 0 || left.next(out) >= 0) several.push(meeting);
    else linker.linkOnly(node[meeting] ?? -1, into, out);
  }
  for (const meeting of several)
    linker.link(node[meeting] ?? -1, arrived.all(meeting), left.all(meeting));
  return linker;
}

class Linker implements Links {
  readonly previous: Int32Array;
  readonly next: Int32Array;
  readonly ambiguities: string[] = [];
  readonly #passages: Passages;
  readonly #known: Rewritings;

  constructor(passages: Passages) {
    this.#passages = passages;
    this.#known = new Rewritings(passages.length);
    this.previous = new Int32Array(passages.length).fill(-1);
    this.next = new Int32Array(passages.length).fill(-1);
  }

  /** The only packet that came to the node and the only one that left it: one packet, unless something forbids it. */
  linkOnly(node: number, into: number, out: number): void {
    const wait = this.#wait(into, out);
    if (wait < 0 || !this.#mayContinue(into, out, wait)) return;
    this.#join(into, out);
    this.#learn(node, into, out);
  }

  /** Several of one identity, in order of departure. */
  link(node: number, arrived: readonly number[], left: readonly number[]): void {
    const {sightings} = this.#passages;
    const inOrder = arrived.toSorted((a, b) =>
      sightings.wait(this.#passages.arrival(b), this.#passages.arrival(a)),
    );
    const pairs = this.#possiblePairs(node, inOrder, left).toSorted(
      (a, b) => a.misfit - b.misfit || a.order - b.order,
    );
    const rivals = groupBy(pairs, pair => pair.out);
    const used = new Set<number>();
    const chosen: Pair[] = [];
    for (const pair of pairs) {
      if (used.has(pair.into) || (this.previous[pair.out] ?? -1) >= 0) continue;
      const tuple = this.#passages.tuple(pair.into);
      const rival = rivals
        .get(pair.out)
        ?.find(
          ({into, misfit}) =>
            misfit === pair.misfit && !used.has(into) && this.#passages.tuple(into) !== tuple,
        );
      if (rival !== undefined) this.ambiguities.push(this.#wordAmbiguity(node, pair, rival));
      used.add(pair.into);
      chosen.push(pair);
      this.#join(pair.into, pair.out);
    }
    for (const {into, out} of chosen) this.#learn(node, into, out);
  }

  #join(into: number, out: number): void {
    this.next[into] = out;
    this.previous[out] = into;
  }

  #learn(node: number, into: number, out: number): void {
    this.#known.learn(node, this.#passages.tuple(into), this.#passages.tuple(out));
  }

  #possiblePairs(node: number, arrived: readonly number[], left: readonly number[]): Pair[] {
    // With as many in as out they keep their order; otherwise some got lost and the nearest belong together.
    const inOrder = arrived.length === left.length;
    let seen = 0;
    return left.flatMap((out, index) => {
      const isSeen = (into: number | undefined): boolean =>
        into !== undefined && this.#wait(into, out) >= 0;
      while (isSeen(arrived[seen])) seen++;
      const first = Math.max(0, (inOrder ? Math.min(index, seen) : seen) - candidates);
      return arrived
        .slice(first, Math.min(seen, first + 2 * candidates))
        .flatMap((into, offset) => {
          const wait = this.#wait(into, out);
          if (!this.#mayContinue(into, out, wait)) return [];
          const order = inOrder ? first + offset : wait;
          return [{into, out, misfit: this.#misfit(node, into, out), order}];
        });
    });
  }

  /** Nanoseconds that the node would have kept the packet. */
  #wait(into: number, out: number): number {
    return this.#passages.sightings.wait(
      this.#passages.arrival(into),
      this.#passages.departure(out),
    );
  }

  #mayContinue(into: number, out: number, wait: number): boolean {
    if (into === out || wait > longest) return false;
    // An answer with the same content (UDP echo) is a packet of its own, not a hop.
    const answer = this.#passages.essences.tuples.reversed(this.#passages.tuple(into));
    return this.#passages.tuple(out) !== answer;
  }

  #misfit(node: number, into: number, out: number): number {
    const passages = this.#passages;
    const [before, after] = [passages.tuple(into), passages.tuple(out)];
    const hops = passages.hops(into) - passages.hops(out);
    const tunnelled = passages.headers(into) !== passages.headers(out);
    return (
      100 * this.#known.misfit(node, before, after) +
      (hops === 1 || (tunnelled && hops === 0) ? 0 : 10) +
      passages.essences.tuples.distance(before, after) +
      (passages.areWhole(into, out) ? 0 : 0.5)
    );
  }

  #wordAmbiguity(node: number, pair: Pair, rival: Pair): string {
    const {sightings, places} = this.#passages;
    const [out, into, other] = [pair.out, pair.into, rival.into].map(crossing =>
      placeOf(sightings.object(this.#passages.departure(crossing))),
    );
    return `${out} continues ${into} or ${other} at ${places.nodes[node]}: nothing tells which`;
  }
}
