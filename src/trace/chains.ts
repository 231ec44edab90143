import type {Links} from './links.ts';
import type {Passages} from './passages.ts';

/** The passages of each packet from its first to its last. */
export interface Chains {
  readonly length: number;
  /** Chain i is passages[starts[i]] up to passages[starts[i + 1]]. */
  readonly starts: Int32Array;
  readonly passages: Int32Array;
  /** The chains in order of their first sightings. */
  readonly inOrder: Int32Array;
}

/** Follows each linked passage to its end. */
export function followLinks(passages: Passages, {previous, next}: Links): Chains {
  const {length, sightings} = passages;
  const members = new Int32Array(length);
  const starts = new Int32Array(length + 1);
  const followed = new Uint8Array(length);
  let [chains, end] = [0, 0];
  const follow = (start: number): void => {
    for (let at = start; at >= 0 && followed[at] === 0; at = next[at] ?? -1) {
      members[end++] = at;
      followed[at] = 1;
    }
    starts[++chains] = end;
  };
  const isPassage = (crossing: number): boolean => passages.tuple(crossing) >= 0;
  for (let at = 0; at < length; at++) if ((previous[at] ?? -1) < 0 && isPassage(at)) follow(at);
  const open = chains;
  // Only crossings that all bear the same time can be linked to a ring: it is cut anywhere.
  for (let at = 0; at < length; at++) if (followed[at] === 0 && isPassage(at)) follow(at);
  const inOrder = new Int32Array(chains);
  for (let chain = 0; chain < chains; chain++) inOrder[chain] = chain;
  const first = (chain: number): number => passages.departure(members[starts[chain] ?? 0] ?? 0);
  // Passages are in order of time, and so are the chains that begin with them, but for rings.
  if (chains > open) inOrder.sort((a, b) => sightings.wait(first(b), first(a)));
  return {length: chains, starts, passages: members.subarray(0, end), inOrder};
}

/** The last passage of a chain. */
export const lastOf = ({starts, passages}: Chains, chain: number): number =>
  passages[(starts[chain + 1] ?? 0) - 1] ?? -1;
