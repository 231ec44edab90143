import type {Chains} from './chains.ts';
import {Lists} from './lists.ts';
import type {Passages} from './passages.ts';

/** The chains of each connection, connections and chains in order of their first sightings. */
export interface Connections {
  readonly length: number;
  /** Items of the lists are places in `Chains.inOrder`. */
  readonly chains: Lists;
}

/**
 * Joins chains to connections: all that share a tuple in any of its rewritten forms, in both directions. A SYN with
 * another sequence number begins a new connection on the same tuple (RFC 9293, section 3.4.1: ports used again).
 */
export function findConnections(passages: Passages, chains: Chains): Connections {
  const joiner = new Joiner(passages, chains);
  const placed = chains.inOrder.map(chain => joiner.place(chain));
  // Connections by number in order of appearance: those that were joined to another are that one.
  const numbers = new Int32Array(chains.length).fill(-1);
  let length = 0;
  const of = placed.map(connection => {
    const root = joiner.root(connection);
    if ((numbers[root] ?? -1) < 0) numbers[root] = length++;
    return numbers[root] ?? -1;
  });
  return {length, chains: new Lists(of, length)};
}

class Joiner {
  readonly #passages: Passages;
  readonly #chains: Chains;
  /** The connection that each pair of ends belongs to now, -1 for none. */
  readonly #current: Int32Array;
  /** The sequence number of the SYN that opened each connection, -1 when none was seen. */
  readonly #opened: number[] = [];
  /** The connection that each turned out to be part of; itself when none. */
  readonly #joined: number[] = [];

  constructor(passages: Passages, chains: Chains) {
    this.#passages = passages;
    this.#chains = chains;
    this.#current = new Int32Array(passages.length).fill(-1);
  }

  /** The connection of a chain: one that shares a pair of ends with it, or a new one. */
  place(chain: number): number {
    const {starts, passages} = this.#chains;
    const start = starts[chain] ?? 0;
    const end = starts[chain + 1] ?? 0;
    const opens = this.#passages.opens(passages[start] ?? 0);
    let connection = -1;
    for (let i = start; i < end; i++) {
      const found = this.root(this.#current[this.#ends(passages[i] ?? 0)] ?? -1);
      if (found < 0 || (opens >= 0 && this.#opened[found] !== opens)) continue;
      if (connection < 0) connection = found;
      else this.#joined[found] = connection;
    }
    if (connection < 0) {
      connection = this.#opened.push(opens) - 1;
      this.#joined.push(connection);
    }
    for (let i = start; i < end; i++) this.#current[this.#ends(passages[i] ?? 0)] = connection;
    return connection;
  }

  /** The connection that this one is part of by now; -1 of -1. */
  root(connection: number): number {
    let at = connection;
    for (let up = this.#joined[at] ?? at; up !== at; up = this.#joined[at] ?? at) at = up;
    // Pointing at the end keeps later look-ups short.
    if (connection >= 0) this.#joined[connection] = at;
    return at;
  }

  #ends(passage: number): number {
    return this.#passages.tuple(passage) >> 1;
  }
}
