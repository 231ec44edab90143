import type {CaptureRecord} from '../run-folder/types.ts';
import {allPaths, partsOf, placeOf, sightingsOf} from '../trace/essence.ts';
import type {Crossing, InterfaceCapture} from '../trace/types.ts';
import type {Topology} from '../topology/types.ts';
import type {Account} from './account.ts';
import type {Case} from './case.ts';
import {findGaps} from './gaps.ts';
import type {Check} from './types.ts';

/** Why a run cannot be judged. */
export interface Doubts {
  /** Frames are missing or may be: nothing that a check says counts. */
  readonly lossy: readonly string[];
  /** Nothing is missing for sure, but a PASS would not be proven: a failure counts still. */
  readonly unproven: readonly string[];
}

/** What is doubted: a run with what was found in its captures. */
type Doubted = Pick<Case, 'run' | 'trace' | 'altered' | 'connections'> &
  Partial<Pick<Case, 'data'>>;

/**
 * Reasons against a verdict: incomplete captures, and frames that one end of a link saw and the other did not, among
 * `crossings`, which are by default those of flows.
 */
export function findDoubts(
  judged: Doubted,
  captures: readonly InterfaceCapture[],
  crossings: readonly Crossing[] = judged.trace.flows.flatMap(flow =>
    allPaths(flow).flatMap(path => path.crossings),
  ),
): Doubts {
  const {record, topology} = judged.run;
  const surplus = record.captures.flatMap(capture => {
    const frames = framesOf(captures, capture);
    return frames !== undefined && frames > capture.captured
      ? [
          `${nameOf(capture)}: the file holds ${frames} frames, tcpdump captured ${capture.captured}`,
        ]
      : [];
  });
  const gaps = [...judged.connections, ...(judged.data?.connections ?? [])].map(connection =>
    findGaps(connection, judged.trace.flows),
  );
  return {
    lossy: [
      ...record.doubts,
      ...record.captures.flatMap(capture => doubtsOf(capture, framesOf(captures, capture))),
      ...captures
        .filter(one => !record.captures.some(other => nameOf(other) === nameOf(one)))
        .map(capture => `${nameOf(capture)}: nothing is recorded of how it was captured`),
      ...uncaptured(topology, captures),
      ...captures.flatMap(capture => cutFrames(capture)),
      ...halfSeen(judged, captures, crossings),
      ...inConnections(gaps.map(({unseen}) => unseen)),
    ],
    unproven: [
      ...surplus,
      ...judged.trace.ambiguities,
      ...inConnections(gaps.map(({skipped}) => skipped)),
    ],
  };
}

/** Checks that fail where frames are missing from all captures and nothing else is wrong, some of them in certain fields only. */
const failsByLoss: Readonly<Record<string, readonly string[] | 'any'>> = {
  connections: 'any',
  complete: 'any',
  turns: 'any',
  schedule: 'any',
  entries: ['entry.state'],
  'data.entries': ['entry.state'],
  answers: ['packets'],
};
const isByLoss = ({id, failures}: Check): boolean => {
  const fields = failsByLoss[id];
  return fields === 'any' || failures.every(({field}) => fields?.includes(field) ?? false);
};

/**
 * What IPVS had and no capture has adds to the doubts. It is missing for sure where all that fails is what fails for missing
 * frames; where something else fails too, that counts.
 */
export function withAccounts(
  {lossy, unproven}: Doubts,
  accounts: readonly Account[],
  checks: readonly Check[],
): Doubts {
  const more = accounts.flatMap(({doubts}) => doubts);
  const failed = checks.filter(({verdict}) => verdict === 'FAIL');
  const explained = failed.length > 0 && failed.every(isByLoss);
  return explained
    ? {lossy: [...lossy, ...more], unproven}
    : {lossy, unproven: [...unproven, ...more]};
}

const inConnections = (gaps: readonly (readonly string[])[]): readonly string[] =>
  gaps.flatMap((list, i) => list.map(gap => `connection ${i + 1}: ${gap}`));

const nameOf = (capture: {readonly node: string; readonly interface: string}): string =>
  `${capture.node} ${capture.interface}`;

const framesOf = (
  captures: readonly InterfaceCapture[],
  record: CaptureRecord,
): number | undefined =>
  captures.find(capture => nameOf(capture) === nameOf(record))?.frames.length;

function doubtsOf(record: CaptureRecord, frames: number | undefined): string[] {
  const {ready, flushed, captured, droppedByKernel, droppedByInterface} = record;
  const found = [
    ...(ready ? [] : ['was not ready before the traffic']),
    ...(flushed ? [] : ['was not flushed: its end may be missing']),
    ...(droppedByKernel > 0 ? [`${droppedByKernel} packets dropped by kernel`] : []),
    ...(droppedByInterface > 0 ? [`${droppedByInterface} packets dropped by interface`] : []),
    ...(frames === undefined ? ['has no file'] : []),
    ...(frames !== undefined && frames < captured
      ? [`the file holds ${frames} of ${captured} captured frames`]
      : []),
  ];
  return found.map(doubt => `${nameOf(record)}: ${doubt}`);
}

function uncaptured(topology: Topology, captures: readonly InterfaceCapture[]): string[] {
  const seen = new Set(captures.map(nameOf));
  return topology.nodes.flatMap(node =>
    node.interfaces
      .map(({name}) => `${node.name} ${name}`)
      .filter(place => !seen.has(place))
      .map(place => `${place} was not captured`),
  );
}

function cutFrames(capture: InterfaceCapture): string[] {
  const cut = [...capture.frames].filter(
    ({bytes, originalLength}) => bytes.length < originalLength,
  );
  const first = cut[0];
  return first === undefined
    ? []
    : [`${nameOf(capture)}: ${cut.length} frames are cut, the first is frame ${first.number}`];
}

/**
 * Frames of flows that their sender's or receiver's interface must have seen too. A frame that a third node saw, or
 * that the other end saw with other bytes, is not missing: it is a fault, and the checks report it.
 */
function halfSeen(
  {run, altered}: Doubted,
  captures: readonly InterfaceCapture[],
  crossings: readonly Crossing[],
): string[] {
  const seen = new Set(captures.map(nameOf));
  const byMac = new Map(
    run.topology.nodes.flatMap(node =>
      node.interfaces.map(link => [
        link.mac,
        {place: `${node.name} ${link.name}`, network: link.network},
      ]),
    ),
  );
  const missing = (crossing: Crossing): string[] => {
    const {sent, received, others, network, any} = crossing;
    if (others.length > 0 || altered.has(crossing)) return [];
    const ethernet = any.packet.headers.find(({kind}) => kind === 'ethernet');
    if (ethernet?.kind !== 'ethernet') return [];
    const ends = [
      sent === undefined ? ethernet.source : undefined,
      received === undefined ? ethernet.destination : undefined,
    ];
    return ends.flatMap(mac => {
      const end = byMac.get(mac ?? '');
      return end !== undefined && end.network === network && seen.has(end.place)
        ? [`${sightingsOf(crossing).map(placeOf).join(' and ')} was not seen at ${end.place}`]
        : [];
    });
  };
  return crossings.flatMap(partsOf).flatMap(missing);
}
