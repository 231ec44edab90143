import {HashIndex} from './hash-index.ts';

/** Ids for pairs of small numbers, from 0 in order of appearance; the second is the one of which there are many. */
export class PairIndex {
  readonly #index: HashIndex;
  readonly #first: Int32Array;
  readonly #second: Int32Array;

  /** For at most `capacity` pairs. */
  constructor(capacity: number) {
    this.#index = new HashIndex(capacity);
    this.#first = new Int32Array(capacity);
    this.#second = new Int32Array(capacity);
  }

  /** -1 when the pair is not there. */
  find(a: number, b: number): number {
    let id = this.#index.first(hashPair(a, b));
    while (id >= 0 && (this.#first[id] !== a || this.#second[id] !== b)) id = this.#index.next(id);
    return id;
  }

  /** Adds the pair unless it is there. */
  put(a: number, b: number): number {
    const found = this.find(a, b);
    if (found >= 0) return found;
    const id = this.#index.add(hashPair(a, b));
    this.#first[id] = a;
    this.#second[id] = b;
    return id;
  }

  get size(): number {
    return this.#index.size;
  }
}

// Numbers are given in order of appearance, so neighbours are looked up one after the other: near in memory is quick.
const hashPair = (a: number, b: number): number => a + Math.imul(b, 8);
