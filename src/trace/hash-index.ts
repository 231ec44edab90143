/**
 * Finds equal things by their hash: ids from 0 in order of appearance, chained per bucket. The caller keeps the
 * things, one a number, and compares them itself, so that a shared hash never makes two things one:
 * `let id = index.first(hash); while (id >= 0 && !same(id)) id = index.next(id); if (id < 0) id = index.add(hash);`
 */
export class HashIndex {
  // Ids are kept one higher: 0, as a new array has it, means none.
  readonly #heads: Int32Array;
  readonly #following: Int32Array;
  readonly #hashes: Int32Array;
  #size = 0;

  /** For at most `capacity` things. */
  constructor(capacity: number) {
    // A power of two, so that the low bits of a hash name its bucket.
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(capacity + 1)));
    this.#following = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
  }

  /** How many things it knows. */
  get size(): number {
    return this.#size;
  }

  /** The latest thing with this 32-bit hash, -1 when there is none. */
  first(hash: number): number {
    return this.#pick((this.#heads[hash & (this.#heads.length - 1)] ?? 0) - 1, hash);
  }

  /** The thing before it with the same hash, -1 when there is none. */
  next(id: number): number {
    return this.#pick((this.#following[id] ?? 0) - 1, this.#hashes[id] ?? 0);
  }

  /** Adds a thing and gives its id. */
  add(hash: number): number {
    const id = this.#size;
    const bucket = hash & (this.#heads.length - 1);
    this.#following[id] = this.#heads[bucket] ?? 0;
    this.#hashes[id] = hash;
    this.#heads[bucket] = id + 1;
    this.#size = id + 1;
    return id;
  }

  #pick(start: number, hash: number): number {
    let id = start;
    while (id >= 0 && this.#hashes[id] !== hash) id = (this.#following[id] ?? 0) - 1;
    return id;
  }
}

/** Mixes a word into a 32-bit hash. */
export function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
