import {placeOf} from '../trace/essence.ts';
import type {Crossing, Flow, Path} from '../trace/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {compareHop, type Setting} from './compare.ts';
import type {Connection} from './connections.ts';
import type {Direction, Hop} from './hops.ts';
import type {Mismatch} from './mismatch.ts';
import {Notation} from './notation.ts';
import type {Check} from './types.ts';

/** One check for each hop of a direction: every packet of every connection must take exactly these hops. */
export function checkPaths(judged: Case, direction: Direction): readonly Check[] {
  const hops = judged[direction];
  if (hops.length === 0) return [checkNone(judged, direction)];
  const drafts = hops.map(
    hop =>
      new CheckDraft(
        `${direction}.${hop.number}`,
        `${direction}, hop ${hop.number}: ${hop.link.source} > ${hop.link.destination}`,
        hop.proves,
      ),
  );
  for (const connection of judged.connections)
    for (const path of connection[direction]) checkPath(judged, connection, path, hops, drafts);
  return drafts.map(draft => draft.done());
}

/** Where no packet of a direction is expected. */
function checkNone(judged: Case, direction: Direction): Check {
  const draft = new CheckDraft(direction, `no ${direction}`);
  draft.judge(judged.connections.length);
  for (const connection of judged.connections)
    for (const {crossings} of connection[direction])
      for (const crossing of crossings)
        draft.fail({
          field: 'path',
          expected: `no ${direction}`,
          actual: 'a packet',
          place: placeOf(crossing.any),
          actualPacket: new Notation(judged.names, connection).seen(crossing),
        });
  return draft.done();
}

function checkPath(
  judged: Case,
  connection: Connection,
  path: Path,
  hops: readonly Hop[],
  drafts: readonly CheckDraft[],
): void {
  // A frame of which another version was seen is judged on that version's path.
  if (isDouble(judged.altered, connection.flow, path)) return;
  const notation = new Notation(judged.names, connection);
  const setting: Setting = {
    topology: judged.run.topology,
    names: judged.names,
    connection,
    notation,
  };
  for (const [i, hop] of hops.entries()) {
    const crossing = path.crossings[i];
    const draft = drafts[i];
    const title = `${hop.direction}, hop ${hop.number}: ${notation.link(hop.link)}`;
    if (crossing === undefined) {
      // That it ends there is judged with the error.
      if (judged.refused.has(path)) return;
      const last = path.crossings.at(-1);
      draft?.judge();
      draft?.fail(
        {
          field: 'path',
          expected: notation.link(hop.link),
          actual: `the packet ends at ${last?.to ?? 'no node'}`,
          place: last === undefined ? '' : placeOf(last.any),
          expectedPacket: notation.expected(hop, last?.any.packet),
          actualPacket: '',
        },
        title,
      );
      return;
    }
    draft?.judge();
    const own = compareHop(setting, hop, crossing, path.crossings[i - 1]);
    const mismatches =
      own.length > 0 ? own.map(one => ({...one, crossing})) : atOtherEnd(judged, crossing);
    for (const {crossing: where, ...mismatch} of mismatches)
      draft?.fail(
        {
          ...mismatch,
          place: placeOf(where.any),
          expectedPacket: notation.expected(hop, where.any.packet),
          actualPacket: notation.seen(where),
        },
        title,
      );
  }
  const beyond = path.crossings[hops.length];
  const last = hops.at(-1);
  if (beyond !== undefined && last !== undefined)
    drafts.at(-1)?.fail({
      field: 'path',
      expected: `the path ends at ${notation.node(last.link.destination)}`,
      actual: `it goes on for ${path.crossings.length - hops.length} more`,
      place: placeOf(beyond.any),
      expectedPacket: '',
      actualPacket: notation.seen(beyond),
    });
}

/** What the other end of the link saw differently, though this end saw what was expected. */
function atOtherEnd(
  judged: Case,
  crossing: Crossing,
): readonly (Mismatch & {crossing: Crossing})[] {
  const altered = judged.altered.get(crossing);
  if (altered === undefined) return [];
  const {network, from, to, sent, received, others} = crossing;
  const other = {network, from, to, sent, received, others, any: altered.there, fragments: []};
  return altered.fields.map(({field, before, after}) => ({
    field,
    expected: before,
    actual: after,
    crossing: other,
  }));
}

/** Whether each crossing of the path has its other version on a longer path of the flow, or on one that began before. */
export function isDouble(altered: Case['altered'], {paths}: Flow, path: Path): boolean {
  const length = path.crossings.length;
  if (!path.crossings.every(crossing => altered.has(crossing))) return false;
  const at = paths.indexOf(path);
  const elsewhere = new Set(
    paths
      .filter(
        (other, i) =>
          other.crossings.length > length || (other.crossings.length === length && i < at),
      )
      .flatMap(other => other.crossings.map(({any}) => any)),
  );
  return path.crossings.every(crossing => {
    const version = altered.get(crossing);
    return version !== undefined && elsewhere.has(version.there);
  });
}
