import type {MarkRecord} from '../../run-folder/types.ts';
import type {Crossing} from '../../trace/types.ts';
import type {Failover} from './types.ts';

type Masters = Failover['phases'][number]['masters'];

/** What led from one phase to the next: its first deed, and when the phase was there. */
export interface Change {
  /** `none`: masters were waited for, and nothing had been done before. */
  readonly kind: 'start' | 'kill' | 'block' | 'cure' | 'none';
  /** Nanoseconds since 1970, of the deed's begin and end. */
  readonly from: bigint;
  readonly to: bigint;
  /** When the new masters were seen in place; waited for in vain when not `reached`. */
  readonly settled: bigint;
  readonly reached: boolean;
  readonly before: Masters;
  readonly after: Masters;
}

/** The phases of a run by its marks. */
export interface Timeline {
  readonly changes: readonly Change[];
  /** By director. */
  readonly deaths: ReadonlyMap<string, {readonly from: bigint; readonly to: bigint}>;
  /** When the steps were done; undefined when they were not. */
  readonly end: bigint | undefined;
}

const deeds = new Set<string>(['start', 'kill', 'block', 'cure']);

/** Puts marks and phases together: each time that masters were waited for is the next phase. */
export function timelineOf(
  {phases}: Pick<Failover, 'phases'>,
  marks: readonly MarkRecord[],
): Timeline {
  const changes: Change[] = [];
  let deed: MarkRecord | undefined;
  for (const mark of marks) {
    if (deeds.has(mark.kind)) deed ??= mark;
    const phase = phases[changes.length];
    if (mark.kind !== 'masters' || phase === undefined) continue;
    const {kind, from, to} = deed ?? {...mark, kind: 'none' as const};
    changes.push({
      kind: isDeed(kind) ? kind : 'none',
      from: BigInt(from),
      to: BigInt(to),
      settled: BigInt(mark.to),
      reached: mark.reached,
      before: changes.at(-1)?.after ?? {},
      after: phase.masters,
    });
    deed = undefined;
  }
  const deaths = marks
    .filter(({kind}) => kind === 'kill')
    .flatMap(({nodes, from, to}) =>
      nodes.map(node => [node, {from: BigInt(from), to: BigInt(to)}] as const),
    );
  const end = marks.find(({kind}) => kind === 'end');
  return {
    changes,
    deaths: new Map(deaths),
    end: end === undefined ? undefined : BigInt(end.from),
  };
}

const isDeed = (kind: string): kind is Change['kind'] => deeds.has(kind) || kind === 'none';

/** The directors of a virtual router in a phase. */
export const mastersOf = (masters: Masters, router: number): readonly string[] =>
  masters[router] ?? [];

/** Who has its addresses as others see it: of several masters the one that announced last. */
export const ownerOf = (masters: Masters, router: number): string | undefined =>
  mastersOf(masters, router).at(-1);

/** The change that a moment belongs to: the last one that had begun. Undefined before the first. */
export const changeAt = ({changes}: Timeline, time: bigint): Change | undefined =>
  changes.findLast(({from}) => from <= time);

/** Who may be master of a router at that moment: while masters change both, and all while they start. */
export function possibleMasters(
  timeline: Timeline,
  {directors}: Pick<Failover, 'directors'>,
  router: number,
  time: bigint,
): readonly string[] {
  const change = changeAt(timeline, time);
  if (change === undefined) return [];
  const after = mastersOf(change.after, router);
  if (change.settled < time && change.reached) return after;
  return change.kind === 'start' ? directors : [...mastersOf(change.before, router), ...after];
}

/** Whether a node has its links at that moment; undefined while it dies. */
export function isAlive({deaths}: Timeline, node: string, time: bigint): boolean | undefined {
  const death = deaths.get(node);
  if (death === undefined || time < death.from) return true;
  return time > death.to ? false : undefined;
}

/** Whether a frame came before the end of the steps: as captures end one after the other, later ones need not be seen by all. */
export const isBeforeEnd = ({end}: Timeline, {any}: Crossing): boolean =>
  end === undefined || any.frame.time < end;
