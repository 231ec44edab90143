import type {Topology} from '../topology/types.ts';
import {followLinks} from './chains.ts';
import {findConnections} from './connections.ts';
import {deliver} from './deliver.ts';
import {linkPassages} from './links.ts';
import {findMeetings} from './meetings.ts';
import {FoundCrossing, FoundFlow, strayOf} from './objects.ts';
import {Passages} from './passages.ts';
import type {Crossing, InterfaceCapture, Trace, TraceOptions} from './types.ts';

/**
 * Follows every packet of a run through all captures: frames to crossings, crossings to paths, paths to flows.
 * Pure and near linear in the number of frames. MACs in `topology` say who sent and who received.
 *
 * All of it is done on columns of numbers, and no frame is decoded that is plain; objects and decoded packets are made
 * when someone looks at them.
 */
export function traceRun(
  topology: Topology,
  captures: readonly InterfaceCapture[],
  options: TraceOptions = {},
): Trace {
  const passages = new Passages(topology, captures, options);
  const meetings = findMeetings(passages);
  const links = linkPassages(passages, meetings);
  const chains = followLinks(passages, links);
  const deliveries = deliver(passages, meetings, chains);
  const connections = findConnections(passages, chains);
  const found = {passages, chains, deliveries, connections};
  const strays = deliveries.orphans.map(sighting => strayOf(passages.sightings.object(sighting)));
  return {
    flows: Array.from({length: connections.length}, (_, i) => new FoundFlow(found, i)),
    other: [...otherCrossings(passages), ...strays],
    ambiguities: links.ambiguities,
  };
}

/** The crossings of packets that are of no flow. */
function otherCrossings(passages: Passages): readonly Crossing[] {
  const others: Crossing[] = [];
  for (let crossing = 0; crossing < passages.length; crossing++)
    if (passages.tuple(crossing) < 0 && !passages.assemblies.isFurther(crossing))
      others.push(new FoundCrossing(passages, crossing));
  return others;
}
