import type {Topology} from '../topology/types.ts';
import type {DecodeOptions} from '../wire/decode.ts';
import {innermostIp} from '../wire/packet.ts';
import {findCrossings} from './crossings.ts';
import {essenceOf, fragmentEssence, fragmentKey, type Essence} from './essence.ts';
import {findFlows} from './flows.ts';
import {linkPassages, type Passage} from './passages.ts';
import {buildTracks} from './paths.ts';
import type {Crossing, InterfaceCapture, Sighting, Trace, Tuple} from './types.ts';

/**
 * Follows every packet of a run through all captures: frames to crossings, crossings to paths, paths to flows.
 * Pure and near linear in the number of frames. MACs in `topology` say who sent and who received.
 */
export function traceRun(
  topology: Topology,
  captures: readonly InterfaceCapture[],
  options: DecodeOptions = {},
): Trace {
  const {crossings, raw} = findCrossings(topology, captures, options);
  const {passages, other} = sortOut(crossings);
  const ambiguities = linkPassages(passages);
  const {tracks, orphans} = buildTracks(passages, raw);
  return {
    flows: findFlows(tracks),
    other: [...other, ...orphans.map(strayOf)],
    ambiguities,
  };
}

/** Parts the crossings of TCP, UDP and SCTP packets from all others. */
function sortOut(crossings: readonly Crossing[]) {
  const essences = crossings.map(({any}) => essenceOf(any));
  const datagrams = new Map<string, Tuple>();
  for (const [i, essence] of essences.entries()) {
    const key = essence === undefined ? undefined : fragmentKey(essence.ip);
    if (essence !== undefined && key !== undefined)
      datagrams.set(`${crossings[i]?.network} ${key}`, essence.tuple);
  }
  const passages: Passage[] = [];
  const other: Crossing[] = [];
  for (const [i, crossing] of crossings.entries()) {
    const essence = essences[i] ?? laterFragment(crossing, datagrams);
    if (essence === undefined) other.push(crossing);
    else passages.push({crossing, essence, previous: undefined, next: undefined});
  }
  return {passages, other};
}

function laterFragment(
  {any, network}: Crossing,
  datagrams: ReadonlyMap<string, Tuple>,
): Essence | undefined {
  const ip = innermostIp(any.packet);
  const key = ip === undefined ? undefined : fragmentKey(ip);
  const first = key === undefined ? undefined : datagrams.get(`${network} ${key}`);
  return first === undefined ? undefined : fragmentEssence(any, first);
}

/** A packet on a tunnel device that no path brought there: it crossed no network. */
const strayOf = (sighting: Sighting): Crossing => ({
  network: '',
  from: undefined,
  to: undefined,
  sent: undefined,
  received: undefined,
  others: [sighting],
  any: sighting,
});
