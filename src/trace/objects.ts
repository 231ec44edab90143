import type {Assembly} from './assemblies.ts';
import type {Chains} from './chains.ts';
import type {Connections} from './connections.ts';
import type {Deliveries} from './deliver.ts';
import {differences, rewritable} from './fields.ts';
import type {Passages} from './passages.ts';
import type {Crossing, Flow, Path, Rewrite, Sighting, Tuple} from './types.ts';

/** All that following found, by numbers. */
export interface Found {
  readonly passages: Passages;
  readonly chains: Chains;
  readonly deliveries: Deliveries;
  readonly connections: Connections;
}

// Most of what is followed is never looked at, so these make what they hold when it is asked for, and then keep it: an
// object that was once given stays the same object.

export class FoundFlow implements Flow {
  readonly #found: Found;
  /** The places of its chains in order of time. */
  readonly #connection: number;
  #paths: readonly Path[] | undefined;
  #errors: readonly Path[] | undefined;

  constructor(found: Found, connection: number) {
    this.#found = found;
    this.#connection = connection;
  }

  get tuple(): Tuple {
    const {passages} = this.#found;
    return passages.essences.tuples.object(passages.tuple(this.#firstPassage()));
  }

  get origin(): string | undefined {
    const {passages} = this.#found;
    return passages.places.nodes[passages.from(this.#firstPassage())];
  }

  get paths(): readonly Path[] {
    return (this.#paths ??= this.#makePaths(false));
  }

  get errors(): readonly Path[] {
    return (this.#errors ??= this.#makePaths(true));
  }

  /** The first passage of its first chain, of a packet where there is one. */
  #firstPassage(): number {
    const {chains: lists} = this.#found.connections;
    const first = lists.first(this.#connection);
    let at = first;
    while (at >= 0 && this.#isError(at)) at = lists.next(at);
    return this.#start(at < 0 ? first : at);
  }

  #start(place: number): number {
    const {chains} = this.#found;
    return chains.passages[chains.starts[chains.inOrder[place] ?? 0] ?? 0] ?? 0;
  }

  #isError(place: number): boolean {
    return this.#found.passages.isError(this.#start(place));
  }

  #makePaths(errors: boolean): readonly Path[] {
    const {chains, connections} = this.#found;
    const {chains: lists} = connections;
    const paths: Path[] = [];
    for (let at = lists.first(this.#connection); at >= 0; at = lists.next(at))
      if (this.#isError(at) === errors)
        paths.push(new FoundPath(this.#found, chains.inOrder[at] ?? 0));
    return paths;
  }
}

class FoundPath implements Path {
  readonly crossings: readonly Crossing[];
  readonly #found: Found;
  readonly #chain: number;
  #rewrites: Path['rewrites'] | undefined;
  #delivered: readonly Sighting[] | undefined;

  constructor(found: Found, chain: number) {
    const {chains, passages} = found;
    this.#found = found;
    this.#chain = chain;
    const start = chains.starts[chain] ?? 0;
    const length = (chains.starts[chain + 1] ?? 0) - start;
    // Of the right length at once: an array that grows keeps room for seventeen.
    this.crossings = Array.from(
      {length},
      (_, i) => new FoundCrossing(passages, chains.passages[start + i] ?? 0),
    );
  }

  get origin(): string | undefined {
    return this.crossings[0]?.from;
  }

  get rewrites(): readonly (readonly Rewrite[])[] {
    return (this.#rewrites ??= rewritesOf(this.crossings));
  }

  get delivered(): readonly Sighting[] {
    const {deliveries, passages} = this.#found;
    return (this.#delivered ??= (deliveries.delivered.get(this.#chain) ?? []).map(sighting =>
      passages.sightings.object(sighting),
    ));
  }
}

function rewritesOf(crossings: readonly Crossing[]): readonly (readonly Rewrite[])[] {
  const fields = crossings.map(({any}) => rewritable(any.packet));
  return fields.slice(1).map((after, i) => differences(fields[i] ?? after, after));
}

/** Who saw a crossing. */
type Seen = Pick<Crossing, 'sent' | 'received' | 'others' | 'any' | 'fragments'>;

export class FoundCrossing implements Crossing {
  readonly #passages: Passages;
  readonly #crossing: number;
  #seen: Seen | undefined;

  constructor(passages: Passages, crossing: number) {
    this.#passages = passages;
    this.#crossing = crossing;
  }

  get network(): string {
    return this.#passages.network(this.#crossing);
  }

  get from(): string | undefined {
    return this.#passages.places.nodes[this.#passages.from(this.#crossing)];
  }

  get to(): string | undefined {
    return this.#passages.places.nodes[this.#passages.to(this.#crossing)];
  }

  get sent(): Sighting | undefined {
    return this.#sightings().sent;
  }

  get received(): Sighting | undefined {
    return this.#sightings().received;
  }

  get others(): readonly Sighting[] {
    return this.#sightings().others;
  }

  get any(): Sighting {
    return this.#sightings().any;
  }

  get fragments(): readonly Crossing[] {
    return this.#sightings().fragments;
  }

  #sightings(): Seen {
    return (this.#seen ??= this.#see());
  }

  #see(): Seen {
    const assembly = this.#passages.assemblies.of(this.#crossing);
    if (assembly === undefined) return seenBy(this.#passages, this.#crossing);
    return seenWhole(this.#passages, assembly);
  }
}

/** Who saw the packet that crossed in fragments: whoever saw all of them. */
function seenWhole(passages: Passages, {bytes, crossings}: Assembly): Seen {
  const fragments = crossings.map(crossing => fragmentAt(passages, crossing));
  const whole = (sightings: readonly (Sighting | undefined)[]): Sighting | undefined => {
    const [first] = sightings;
    return first === undefined || sightings.includes(undefined)
      ? undefined
      : passages.sightings.inPlaceOf(first, bytes);
  };
  const sent = whole(fragments.map(one => one.sent));
  const received = whole(fragments.map(one => one.received));
  const any = sent ?? received ?? whole(fragments.map(one => one.any));
  if (any === undefined) throw new RangeError(`nobody saw crossing ${crossings[0]}`);
  return {sent, received, others: fragments.flatMap(({others}) => others), any, fragments};
}

const fragmentAt = (passages: Passages, crossing: number): Crossing => ({
  network: passages.network(crossing),
  from: passages.places.nodes[passages.from(crossing)],
  to: passages.places.nodes[passages.to(crossing)],
  ...seenBy(passages, crossing),
});

function seenBy({crossed: {crossings}, sightings}: Passages, crossing: number): Seen {
  const object = (sighting: number): Sighting | undefined =>
    sighting < 0 ? undefined : sightings.object(sighting);
  const sent = object(crossings.sent[crossing] ?? -1);
  const received = object(crossings.received[crossing] ?? -1);
  const others = (crossings.others.get(crossing) ?? []).map(other => sightings.object(other));
  const any = sent ?? received ?? others[0];
  if (any === undefined) throw new RangeError(`nobody saw crossing ${crossing}`);
  return {sent, received, others, any, fragments: []};
}

/** A packet on a tunnel device that no path brought there: it crossed no network. */
export const strayOf = (sighting: Sighting): Crossing => ({
  network: '',
  from: undefined,
  to: undefined,
  sent: undefined,
  received: undefined,
  others: [sighting],
  any: sighting,
  fragments: [],
});
