import {canonical} from '../../../../../src/topology/ip.ts';
import type {Arrival} from '../../../../../src/ipvs/scheduler/types.ts';
import type {Case} from './cases.ts';

/** How many source addresses there are in each family. */
export const sources = 120;

/** A source address. */
export const sourceOf = (family: 'v4' | 'v6', index: number): string =>
  family === 'v4'
    ? `192.0.2.${11 + index}`
    : canonical(`2001:db8:1:${(index % 7) * 11}::${100 + index}`);

/** The arrival of a case's connection number `index`; the script on the director computes the same. */
export const arrivalOf = (
  {family, protocol, destinations, port}: Case,
  index: number,
): Arrival => ({
  source: sourceOf(family, (index * 7) % sources),
  sourcePort: 10000 + index * 17,
  destination: canonical(
    `${destinations.prefix}${destinations.first + ((index * 5) % destinations.count)}`,
  ),
  destinationPort: port,
  protocol,
});
