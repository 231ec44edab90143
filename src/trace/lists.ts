/** Items in lists, by numbers: each item is in one list at most, and a list has its items in order. */
export class Lists {
  readonly #heads: Int32Array;
  readonly #following: Int32Array;

  /** `of` tells the list of each item, -1 for none. */
  constructor(of: Int32Array, lists: number) {
    this.#heads = new Int32Array(lists).fill(-1);
    this.#following = new Int32Array(of.length);
    for (let item = of.length - 1; item >= 0; item--) {
      const list = of[item] ?? -1;
      if (list < 0) continue;
      this.#following[item] = this.#heads[list] ?? -1;
      this.#heads[list] = item;
    }
  }

  /** The first item of a list, -1 for an empty one. */
  first(list: number): number {
    return this.#heads[list] ?? -1;
  }

  /** The item after this one in its list, -1 after the last. */
  next(item: number): number {
    return this.#following[item] ?? -1;
  }

  all(list: number): number[] {
    const items: number[] = [];
    for (let item = this.first(list); item >= 0; item = this.next(item)) items.push(item);
    return items;
  }
}
