import {PairIndex} from './pair-index.ts';

/** The rewrite that each node did to each tuple so far. */
export class Rewritings {
  readonly #pairs: PairIndex;
  /** The tuple that the node made of this one, -1 when it made none. */
  readonly #after: Int32Array;
  /** 1 when the node made this tuple of another. */
  readonly #made: Uint8Array;

  /** For at most `capacity` lessons. */
  constructor(capacity: number) {
    this.#pairs = new PairIndex(2 * capacity);
    this.#after = new Int32Array(2 * capacity).fill(-1);
    this.#made = new Uint8Array(2 * capacity);
  }

  learn(node: number, before: number, after: number): void {
    this.#after[this.#pairs.put(node, before)] = after;
    this.#made[this.#pairs.put(node, after)] = 1;
  }

  /** 0 when the node did the same before, 1 when nothing is known, 2 when it did something else. */
  misfit(node: number, before: number, after: number): 0 | 1 | 2 {
    const expected = this.#after[this.#pairs.find(node, before)] ?? -1;
    if (expected === after) return 0;
    return expected < 0 && (this.#made[this.#pairs.find(node, after)] ?? 0) === 0 ? 1 : 2;
  }
}
