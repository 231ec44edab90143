import {allPaths, departure, essenceOf} from '../trace/essence.ts';
import {allFields, differences, isChecksum} from '../trace/fields.ts';
import {groupBy} from '../trace/group.ts';
import type {Crossing, Rewrite, Sighting, Trace} from '../trace/types.ts';

/** The same packet at the two ends of a link, with different bytes. */
export interface Altered {
  readonly here: Sighting;
  readonly there: Sighting;
  /** `before` is the value here, `after` the one there. */
  readonly fields: readonly Rewrite[];
}

const near = 1_000_000_000n;

/**
 * Pairs crossings of which each was seen where the other was not: by one identity, or alike in all but one field.
 * Two different packets of which each was lost at another end are not alike in so much.
 */
export function findAltered(trace: Trace): ReadonlyMap<Crossing, Altered> {
  const crossings = [
    ...trace.flows.flatMap(flow => allPaths(flow).flatMap(path => path.crossings)),
    ...trace.other,
  ].filter(isIncomplete);
  const found = new Map<Crossing, Altered>();
  const pairUp = (
    key: (crossing: Crossing) => string | undefined,
    alike: (fields: readonly Rewrite[], a: Crossing, b: Crossing) => boolean,
  ): void => {
    for (const [name, group] of groupBy(crossings, key)) {
      if (name === undefined || group.length < 2) continue;
      for (const [i, a] of group.entries()) {
        // A partner further away than this is a loss by the hundred, and no altered frame.
        const b = group.slice(i + 1, i + 33).find(other => !found.has(other) && canBeOne(a, other));
        if (b === undefined || found.has(a)) continue;
        const fields = differences(allFields(a.any), allFields(b.any));
        if (fields.length === 0 || !alike(fields, a, b)) continue;
        found.set(a, {here: a.any, there: b.any, fields: causesOf(fields)});
        const back = fields.map(({field, before, after}) => ({
          field,
          before: after,
          after: before,
        }));
        found.set(b, {here: b.any, there: a.any, fields: causesOf(back)});
      }
    }
  };
  pairUp(
    crossing => {
      const identity = essenceOf(crossing.any)?.identity;
      return identity === undefined ? undefined : `${crossing.network} ${identity}`;
    },
    () => true,
  );
  pairUp(
    crossing => `${crossing.network} ${crossing.any.frame.originalLength}`,
    (fields, a, b) =>
      causesOf(fields).length === 1 &&
      (hasBadChecksum(a) ||
        hasBadChecksum(b) ||
        (hasId(a) && !fields.some(({field}) => field === 'ip.id'))),
  );
  return found;
}

const isIncomplete = ({sent, received}: Crossing): boolean =>
  sent === undefined || received === undefined;

/** Seen by disjoint interfaces at one time. */
function canBeOne(a: Crossing, b: Crossing): boolean {
  const gap = departure(a) - departure(b);
  if (gap > near || gap < -near) return false;
  const at = (crossing: Crossing): Set<string> =>
    new Set(
      [crossing.sent, crossing.received, ...crossing.others].flatMap(sighting =>
        sighting === undefined ? [] : [`${sighting.node} ${sighting.interface}`],
      ),
    );
  const places = at(b);
  return [...at(a)].every(place => !places.has(place));
}

/** The differences without the checksums that only follow from them. */
function causesOf(fields: readonly Rewrite[]): readonly Rewrite[] {
  const causes = fields.filter(({field}) => !isChecksum(field));
  return causes.length === 0 ? fields : causes;
}

const hasBadChecksum = ({any}: Crossing): boolean =>
  any.packet.headers.some(header => 'checksum' in header && header.checksum === 'bad');

const hasId = ({any}: Crossing): boolean =>
  any.packet.headers.some(header => header.kind === 'ipv4' && header.id !== 0);
