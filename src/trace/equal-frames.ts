import {links} from '../wire/frame-table.ts';
import {hashBytes, sameBytes} from './bytes.ts';
import {HashIndex, mix} from './hash-index.ts';
import type {Places} from './places.ts';
import type {Sightings} from './sightings.ts';

/** Sightings of identical bytes on one network, as chains; groups are numbered from 0 in order of appearance. */
export interface EqualFrames {
  readonly length: number;
  /** The first sighting of each group. */
  readonly first: Int32Array;
  /** The next sighting in the group of each sighting, -1 after the last. */
  readonly following: Int32Array;
}

/** Groups all Ethernet frames. The bytes themselves are compared: a hash only says where to look. */
export function findEqualFrames(sightings: Sightings, {captures}: Places): EqualFrames {
  const {length, link, capture} = sightings;
  const networks = Int32Array.from(captures, ({network}) => network);
  const hashes = hashAll(sightings);
  const index = new HashIndex(length);
  const first = new Int32Array(length);
  const last = new Int32Array(length);
  const following = new Int32Array(length).fill(-1);
  for (let sighting = 0; sighting < length; sighting++) {
    if (link[sighting] !== links.ethernet) continue;
    const network = networks[capture[sighting] ?? 0] ?? 0;
    const hash = mix(hashes[sighting] ?? 0, network);
    let group = index.first(hash);
    for (; group >= 0; group = index.next(group)) {
      const other = first[group] ?? 0;
      if (networks[capture[other] ?? 0] === network && sameFrame(sightings, sighting, other)) break;
    }
    if (group < 0) {
      group = index.add(hash);
      first[group] = sighting;
    } else following[last[group] ?? 0] = sighting;
    last[group] = sighting;
  }
  return {length: index.size, first, following};
}

function hashAll(sightings: Sightings): Int32Array {
  const {length, starts, ends} = sightings;
  const hashes = new Int32Array(length);
  for (let i = 0; i < length; i++)
    hashes[i] = hashBytes(sightings.data(i), starts[i] ?? 0, ends[i] ?? 0, 0);
  return hashes;
}

function sameFrame(sightings: Sightings, a: number, b: number): boolean {
  const {starts, ends} = sightings;
  const atA = starts[a] ?? 0;
  const atB = starts[b] ?? 0;
  const length = (ends[a] ?? 0) - atA;
  return (
    (ends[b] ?? 0) - atB === length &&
    sameBytes(sightings.data(a), atA, sightings.data(b), atB, length)
  );
}
