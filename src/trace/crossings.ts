import {Drafts, type Crossings} from './drafts.ts';
import type {EqualFrames} from './equal-frames.ts';
import {groupBy} from './group.ts';
import type {Places} from './places.ts';
import type {Sightings} from './sightings.ts';

/** Crossings and, for each group of equal frames, the nodes that have its MACs (-1 for none). */
export interface Crossed {
  readonly crossings: Crossings;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

// Captures of one kernel have one clock, so a receiver sees a frame after its sender, but for the rounding of times.
const skew = 1_000_000;
const longest = 1_000_000_000;

/**
 * Finds the sightings of one frame: identical bytes on one network, the k-th at one interface with the k-th at the
 * other, not before it was sent and at most a second after.
 */
export function findCrossings(sightings: Sightings, places: Places, equal: EqualFrames): Crossed {
  const from = new Int32Array(equal.length).fill(-1);
  const to = new Int32Array(equal.length).fill(-1);
  const joiner = new Joiner(sightings, places);
  for (let group = 0; group < equal.length; group++) {
    const first = equal.first[group] ?? 0;
    const start = sightings.starts[first] ?? 0;
    const hasMacs = (sightings.ends[first] ?? 0) - start >= 14;
    const sender = hasMacs ? places.withMac(sightings.data(first), start + 6) : undefined;
    const receiver = hasMacs ? places.withMac(sightings.data(first), start) : undefined;
    from[group] = sender?.node ?? -1;
    to[group] = receiver?.node ?? -1;
    const network = places.captures[sightings.capture[first] ?? 0]?.network;
    joiner.join(
      group,
      first,
      equal.following,
      sender?.network === network ? (sender?.place ?? -1) : -1,
      receiver?.network === network ? (receiver?.place ?? -1) : -1,
    );
  }
  return {crossings: joiner.crossings(), from, to};
}

/** Joins the sightings of equal frames to crossings. */
class Joiner {
  readonly #sightings: Sightings;
  readonly #places: Places;
  readonly #drafts: Drafts;
  readonly #listed: Int32Array;
  #length = 0;
  // Of the group at hand.
  #group = 0;
  #sender = -1;
  #receiver = -1;

  constructor(sightings: Sightings, places: Places) {
    this.#sightings = sightings;
    this.#places = places;
    this.#drafts = new Drafts(sightings);
    this.#listed = new Int32Array(sightings.length);
  }

  /** The group that begins with `first`; sender and receiver are the interfaces that have its MACs on its network. */
  join(
    group: number,
    first: number,
    following: Int32Array,
    sender: number,
    receiver: number,
  ): void {
    this.#group = group;
    this.#sender = sender;
    this.#receiver = receiver;
    const second = following[first] ?? -1;
    if (second >= 0 && (following[second] ?? -1) < 0 && this.#joinTwo(first, second)) return;
    const all: number[] = [];
    for (let each = first; each >= 0; each = following[each] ?? -1) all.push(each);
    // The sender's sightings come first: all others are matched with them. Without any, the earliest do.
    const lists = [...groupBy(all, sighting => this.#place(sighting)).values()].toSorted(
      ([a = -1], [b = -1]) => this.#rank(a) - this.#rank(b) || this.#sightings.wait(b, a),
    );
    let joined: readonly number[] = [];
    for (const list of lists) joined = this.#joinList(joined, list);
    for (const draft of joined) this.#listed[this.#length++] = draft;
  }

  crossings(): Crossings {
    return this.#drafts.sorted(this.#listed.subarray(0, this.#length));
  }

  /** What `join` comes to for the usual two sightings, one at each end; false for any others. */
  #joinTwo(first: number, second: number): boolean {
    if (this.#place(first) === this.#place(second)) return false;
    const rank = this.#rank(second) - this.#rank(first);
    const swap = rank < 0 || (rank === 0 && this.#sightings.wait(first, second) < 0);
    const one = swap ? second : first;
    const other = swap ? first : second;
    const wait = this.#sightings.wait(one, other);
    if (wait > longest || wait < -skew) return false;
    const draft = this.#open(one);
    this.#put(draft, other);
    this.#listed[this.#length++] = draft;
    return true;
  }

  /** Puts one interface's sightings to the crossings that others saw, in order; what fits none is one of its own. */
  #joinList(drafts: readonly number[], list: readonly number[]): readonly number[] {
    const sightings = this.#sightings;
    const waitFor = (draft: number | undefined, sighting: number): number =>
      sightings.wait(this.#drafts.opened(draft ?? 0), sighting);
    const own: number[] = [];
    let at = 0;
    // How many crossings this interface must have missed.
    let missed = drafts.length - list.length;
    for (const sighting of list.toSorted((a, b) => sightings.wait(b, a))) {
      for (; at < drafts.length; at++, missed--) {
        const stale = waitFor(drafts[at], sighting) > longest;
        const isLast = at + 1 === drafts.length;
        if (!stale && (missed <= 0 || isLast || waitFor(drafts[at + 1], sighting) < 0)) break;
      }
      const draft = drafts[at];
      if (draft !== undefined && waitFor(draft, sighting) >= -skew) {
        this.#put(draft, sighting);
        at++;
      } else {
        own.push(this.#open(sighting));
        missed++;
      }
    }
    return own.length === 0 ? drafts : [...drafts, ...own].toSorted((a, b) => this.#order(a, b));
  }

  #order(a: number, b: number): number {
    return this.#sightings.wait(this.#drafts.opened(b), this.#drafts.opened(a));
  }

  #open(sighting: number): number {
    const draft = this.#drafts.open(this.#group, sighting);
    this.#put(draft, sighting);
    return draft;
  }

  #put(draft: number, sighting: number): void {
    const place = this.#place(sighting);
    if (place === this.#sender) this.#drafts.send(draft, sighting);
    else if (place === this.#receiver) this.#drafts.receive(draft, sighting);
    else this.#drafts.overhear(draft, sighting);
  }

  #place(sighting: number): number {
    return this.#places.captures[this.#sightings.capture[sighting] ?? 0]?.place ?? 0;
  }

  #rank(sighting: number): number {
    const place = this.#place(sighting);
    return place === this.#sender ? 0 : 1;
  }
}
