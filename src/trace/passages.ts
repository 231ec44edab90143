import type {Topology} from '../topology/types.ts';
import {Assemblies} from './assemblies.ts';
import {findCrossings, type Crossed} from './crossings.ts';
import {findEqualFrames} from './equal-frames.ts';
import {Essences} from './essences.ts';
import {Places} from './places.ts';
import {Sightings} from './sightings.ts';
import type {InterfaceCapture, TraceOptions} from './types.ts';

/** Everything that was seen, as crossings in order of time; those of flows' packets are passages: they have a tuple. */
export class Passages {
  readonly sightings: Sightings;
  readonly places: Places;
  readonly essences: Essences;
  readonly crossed: Crossed;
  readonly assemblies: Assemblies;
  readonly length: number;

  constructor(
    topology: Topology,
    captures: readonly InterfaceCapture[],
    options: TraceOptions = {},
  ) {
    this.sightings = new Sightings(captures, options);
    this.places = new Places(topology, captures);
    const equal = findEqualFrames(this.sightings, this.places);
    this.crossed = findCrossings(this.sightings, this.places, equal);
    this.essences = new Essences(this.sightings, equal);
    const {captures: ends} = this.places;
    this.assemblies = new Assemblies(
      this.essences,
      this.crossed.crossings,
      group => ends[this.sightings.capture[equal.first[group] ?? 0] ?? 0]?.network ?? -1,
    );
    this.length = this.crossed.crossings.length;
  }

  /** The name of the network that it crossed. */
  network(crossing: number): string {
    const {captures, networks} = this.places;
    const end = captures[this.sightings.capture[this.departure(crossing)] ?? 0];
    return networks[end?.network ?? -1] ?? '';
  }

  /** The node that sent it, -1 for a MAC of no node. */
  from(crossing: number): number {
    return this.crossed.from[this.#group(crossing)] ?? -1;
  }

  /** The node that it was sent to, -1 for broadcast, multicast or a MAC of no node. */
  to(crossing: number): number {
    return this.crossed.to[this.#group(crossing)] ?? -1;
  }

  /** -1 when it is none of a flow. */
  tuple(crossing: number): number {
    return this.essences.tuple[this.#group(crossing)] ?? -1;
  }

  identity(crossing: number): number {
    return this.essences.identity[this.#group(crossing)] ?? -1;
  }

  /** Whether two packets of one identity are equal in what a helper may rewrite, too. */
  areWhole(one: number, other: number): boolean {
    const {whole} = this.essences;
    return whole[this.#group(one)] === whole[this.#group(other)];
  }

  /** TTL or hop limit. */
  hops(crossing: number): number {
    return this.essences.hops[this.#group(crossing)] ?? 0;
  }

  headers(crossing: number): number {
    return this.essences.headers[this.#group(crossing)] ?? 0;
  }

  /** The sequence number of a TCP SYN that opens a connection, else -1. */
  opens(crossing: number): number {
    return this.essences.opens[this.#group(crossing)] ?? -1;
  }

  /** Whether it is an ICMP error. */
  isError(crossing: number): boolean {
    return this.essences.errors[this.#group(crossing)] === 1;
  }

  /** The sighting that tells best when it left its sender. */
  departure(crossing: number): number {
    return this.crossed.crossings.any[crossing] ?? 0;
  }

  /** The sighting that tells best when it reached its receiver. */
  arrival(crossing: number): number {
    const received = this.crossed.crossings.received[crossing] ?? -1;
    return received >= 0 ? received : this.departure(crossing);
  }

  #group(crossing: number): number {
    return this.crossed.crossings.group[crossing] ?? 0;
  }
}
