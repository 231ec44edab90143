import {groupBy} from '../trace/group.ts';
import type {Observation} from './observation.ts';

/** What two runs showed differently. A side that did not show it is undefined. */
export interface Difference {
  /** All that differ in the same way: `connection 1`, `connection 3`. */
  readonly of: readonly string[];
  readonly what: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Compares how two runs behaved; [] when they behaved the same. What differs in the same way is told once. */
export function compareBehaviour(
  a: readonly Observation[],
  b: readonly Observation[],
): readonly Difference[] {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  const differences = [...new Map([...left, ...right])].flatMap(([key, {of, what}]) => {
    const [was, is] = [left.get(key)?.value, right.get(key)?.value];
    return was === is ? [] : [{of, what, a: was, b: is}];
  });
  const groups = groupBy(differences, one => JSON.stringify([one.what, one.a, one.b]));
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    return first === undefined ? [] : [{...first, of: group.map(({of}) => of)}];
  });
}

/** By name; of several of one name (entries of one client) the values together, in order of their text. */
const valuesOf = (observations: readonly Observation[]): ReadonlyMap<string, Observation> =>
  new Map(
    [...groupBy(observations, ({of, what}) => JSON.stringify([of, what]))].flatMap(
      ([key, list]) => {
        const [first] = list;
        const value = list
          .map(one => one.value)
          .toSorted()
          .join('\nand\n');
        return first === undefined ? [] : [[key, {...first, value}] as const];
      },
    ),
  );
