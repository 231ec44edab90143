import type {Sightings} from './sightings.ts';
import {timeOrder} from './time-order.ts';

/** All crossings in order of time, by numbers: a column holds one of each, -1 for none. */
export interface Crossings {
  readonly length: number;
  /** Which group of equal frames it is of. */
  readonly group: Int32Array;
  /** The sender's sighting. */
  readonly sent: Int32Array;
  /** The receiver's sighting. */
  readonly received: Int32Array;
  /** The sender's sighting, else the receiver's, else another: its time is when the frame left. */
  readonly any: Int32Array;
  /** Sightings by other nodes, of those crossings that have some. */
  readonly others: ReadonlyMap<number, readonly number[]>;
}

/** Crossings while their sightings are collected. */
export class Drafts {
  readonly #sightings: Sightings;
  readonly #group: Int32Array;
  readonly #opened: Int32Array;
  readonly #sent: Int32Array;
  readonly #received: Int32Array;
  readonly #others = new Map<number, number[]>();
  #length = 0;

  constructor(sightings: Sightings) {
    this.#sightings = sightings;
    this.#group = new Int32Array(sightings.length);
    this.#opened = new Int32Array(sightings.length);
    this.#sent = new Int32Array(sightings.length).fill(-1);
    this.#received = new Int32Array(sightings.length).fill(-1);
  }

  /** A new crossing, of the time of `sighting`. */
  open(group: number, sighting: number): number {
    this.#group[this.#length] = group;
    this.#opened[this.#length] = sighting;
    return this.#length++;
  }

  /** The sighting that opened it. */
  opened(draft: number): number {
    return this.#opened[draft] ?? 0;
  }

  send(draft: number, sighting: number): void {
    this.#sent[draft] = sighting;
  }

  receive(draft: number, sighting: number): void {
    this.#received[draft] = sighting;
  }

  overhear(draft: number, sighting: number): void {
    const others = this.#others.get(draft);
    if (others === undefined) this.#others.set(draft, [sighting]);
    else others.push(sighting);
  }

  /** The crossings in order of time; those of one time stay in the order of `listed`. */
  sorted(listed: Int32Array): Crossings {
    const {length} = listed;
    const seconds = new Float64Array(length);
    const nanoseconds = new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      const any = this.#any(listed[i] ?? 0);
      seconds[i] = this.#sightings.seconds[any] ?? 0;
      nanoseconds[i] = this.#sightings.nanoseconds[any] ?? 0;
    }
    const order = timeOrder(seconds, nanoseconds);
    const [group, sent] = [new Int32Array(length), new Int32Array(length)];
    const [received, any] = [new Int32Array(length), new Int32Array(length)];
    const others = new Map<number, readonly number[]>();
    for (let crossing = 0; crossing < length; crossing++) {
      const draft = listed[order[crossing] ?? 0] ?? 0;
      group[crossing] = this.#group[draft] ?? 0;
      sent[crossing] = this.#sent[draft] ?? -1;
      received[crossing] = this.#received[draft] ?? -1;
      any[crossing] = this.#any(draft);
      const overheard = this.#others.get(draft);
      if (overheard !== undefined) others.set(crossing, overheard);
    }
    return {length, group, sent, received, any, others};
  }

  #any(draft: number): number {
    const sent = this.#sent[draft] ?? -1;
    const received = this.#received[draft] ?? -1;
    return sent >= 0 ? sent : received >= 0 ? received : (this.#others.get(draft)?.[0] ?? 0);
  }
}
