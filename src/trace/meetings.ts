import {Lists} from './lists.ts';
import {PairIndex} from './pair-index.ts';
import type {Passages} from './passages.ts';

/** Where packets may go on: each is a node and an identity that reached it, numbered in order of the first arrival. */
export interface Meetings {
  readonly length: number;
  /** The node of each meeting. */
  readonly node: Int32Array;
  /** The crossings that came to the node with the identity, in order of departure. */
  readonly arrived: Lists;
  /** The crossings that left it with the identity, in order of departure. */
  readonly left: Lists;
  /** The meeting of a node and an identity, -1 when there is none. */
  find(node: number, identity: number): number;
}

export function findMeetings(passages: Passages): Meetings {
  const {length} = passages;
  const pairs = new PairIndex(length);
  const nodes = new Int32Array(length);
  const arrivedAt = new Int32Array(length).fill(-1);
  for (let crossing = 0; crossing < length; crossing++) {
    const node = passages.to(crossing);
    if (node < 0 || passages.tuple(crossing) < 0) continue;
    const meeting = pairs.put(node, passages.identity(crossing));
    nodes[meeting] = node;
    arrivedAt[crossing] = meeting;
  }
  const leftFrom = new Int32Array(length).fill(-1);
  for (let crossing = 0; crossing < length; crossing++) {
    const node = passages.from(crossing);
    if (node >= 0 && passages.tuple(crossing) >= 0)
      leftFrom[crossing] = pairs.find(node, passages.identity(crossing));
  }
  return {
    length: pairs.size,
    node: nodes,
    arrived: new Lists(arrivedAt, pairs.size),
    left: new Lists(leftFrom, pairs.size),
    find: (node, identity) => pairs.find(node, identity),
  };
}
