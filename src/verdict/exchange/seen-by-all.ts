import type {Topology} from '../../topology/types.ts';
import {arrival, placeOf, sightingsOf} from '../../trace/essence.ts';
import {rewritable} from '../../trace/fields.ts';
import type {Crossing} from '../../trace/types.ts';
import type {Setting} from '../compare.ts';
import {differ, type Mismatch} from '../mismatch.ts';
import {membersOf} from './group.ts';
import type {Link} from './hop.ts';

/** The network and MACs of what goes to a group, where they are not those of the link. */
export function compareGroup(
  {notation}: Setting,
  {network, sourceMac, destinationMac}: Link,
  crossing: Crossing,
): readonly Mismatch[] {
  const fields = rewritable(crossing.any.packet);
  return [
    ...differ('network', network, crossing.network),
    ...differ('eth.src', sourceMac, fields.get('eth.src') ?? '-', notation.named),
    ...differ('eth.dst', destinationMac, fields.get('eth.dst') ?? '-', notation.named),
  ];
}

/**
 * The interfaces at which a frame to a group was not seen, in words, with one where it was: a bridge gives it to all, so it
 * was not captured there.
 */
export function unseenOf(crossing: Crossing, topology: Topology): readonly string[] {
  const seen = sightingsOf(crossing);
  return membersOf(topology, crossing.network)
    .filter(
      one =>
        !seen.some(
          ({node, interface: name}) => node === one.node.name && name === one.interface.name,
        ),
    )
    .map(one => `${placeOf(crossing.any)} was not seen at ${one.node.name} ${one.interface.name}`);
}

/** When the frame had come to all that it was for. */
export const arrivalAtAll = (crossing: Crossing): bigint =>
  crossing.to === undefined
    ? sightingsOf(crossing).reduce((last, {frame}) => (frame.time > last ? frame.time : last), 0n)
    : arrival(crossing);
