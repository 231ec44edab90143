import {InputError, nearest} from '../problem.ts';
import type {Topology} from '../topology/types.ts';
import type {Names} from './names.ts';
import type {Carrier} from './carrier.ts';
import type {HopExpectation} from './types.ts';

export type Direction = 'request' | 'reply';

/** Two names with ` > ` between them. */
export interface Pair {
  readonly source: string;
  readonly destination: string;
}

/** A HopExpectation with everything that it took over from the hop before. */
export interface Hop {
  readonly direction: Direction;
  /** From 1. */
  readonly number: number;
  /** Names of nodes; `rs` is the chosen real server. */
  readonly link: Pair;
  /** Names of addresses, outer to inner; `RIP` is the chosen real server's. */
  readonly ip: readonly Pair[];
  /** Numbers or names of the innermost ports; undefined leaves them free. */
  readonly ports: Pair | undefined;
  readonly encapsulation: 'none' | 'ipip' | 'gre' | 'gue';
  /** Undefined leaves it free. */
  readonly carrier: Carrier | undefined;
  /** Inner TTL against the hop before; undefined on the first hop. */
  readonly ttl: number | undefined;
  /** Larger packets cross in fragments; undefined when all cross whole. */
  readonly mtu: readonly number[] | undefined;
  readonly proves: readonly string[];
}

/** The names that stand for whichever real server the scheduler chose, and for its address. */
export const chosenServer = 'rs';
export const chosenAddress = 'RIP';
/** The name of a connection's client address, whichever of its client's it is. */
export const clientAddress = 'CIP';
/** The name of a connection's virtual address, whichever of its service's it is. */
export const virtualAddress = 'VIP';

/**
 * Completes one direction's hops. Links may end at `ends` too, beside nodes. Throws InputError for a first hop without addresses and
 * for names that nobody has.
 */
export function completeHops(
  direction: Direction,
  expected: readonly HopExpectation[],
  topology: Topology,
  names: Names,
  ends: readonly string[] = [],
): readonly Hop[] {
  const hops: Hop[] = [];
  for (const [i, hop] of expected.entries()) {
    const where = `${direction}, hop ${i + 1}`;
    const before = hops.at(-1);
    const link = nodePair(hop.link, where, topology, ends);
    const ip = hop.ip === undefined ? before?.ip : addressPairs(hop.ip, where, names);
    if (ip === undefined)
      throw new InputError({
        what: 'the first hop must name its addresses',
        where,
        value: hop.link,
        valid: ["ip: 'CIP > VIP'"],
      });
    const forwarder = topology.nodes.find(node => node.name === link.source)?.role;
    const forwards = forwarder === 'router' || forwarder === 'director';
    const inherited = hop.ip === undefined ? before : undefined;
    const encapsulation =
      hop.encapsulation ?? inherited?.encapsulation ?? (ip.length > 1 ? 'ipip' : 'none');
    if (hop.carrier !== undefined && encapsulation !== 'gre' && encapsulation !== 'gue')
      throw new InputError({
        what: 'only gre and gue have a header that carries',
        where,
        value: encapsulation,
        valid: ['gre', 'gue'],
      });
    if ((encapsulation === 'none') !== (ip.length === 1))
      throw new InputError({
        what: 'the encapsulation does not go with the address pairs: outer to inner, one more than there are tunnels',
        where,
        value: `encapsulation ${encapsulation} with ${ip.length} of them`,
        valid: ["ip: 'CIP > VIP'", "ip: ['DIP > RIP', 'CIP > VIP'], encapsulation: 'gre'"],
      });
    hops.push({
      direction,
      number: i + 1,
      link,
      ip,
      ports: hop.ports === undefined ? before?.ports : parsePair(hop.ports, where),
      encapsulation,
      carrier: hop.carrier ?? inherited?.carrier,
      ttl: before === undefined ? undefined : (hop.ttl ?? (forwards ? -1 : 0)),
      mtu: hop.mtu === undefined ? before?.mtu : [hop.mtu].flat(),
      proves: hop.proves ?? [],
    });
  }
  return hops;
}

/** Reads `a > b`. Throws InputError, with `where` as its place, when it is not of that form. */
export function parsePair(text: string, where: string): Pair {
  const [source, destination, ...rest] = text.split('>').map(word => word.trim());
  if (
    source === undefined ||
    source === '' ||
    destination === undefined ||
    destination === '' ||
    rest.length > 0
  )
    throw new InputError({
      what: 'not a pair',
      where,
      value: text,
      valid: ['"source > destination"'],
    });
  return {source, destination};
}

function nodePair(text: string, where: string, topology: Topology, ends: readonly string[]): Pair {
  const pair = parsePair(text, where);
  const valid = [...topology.nodes.map(node => node.name), chosenServer];
  if (!valid.includes(pair.source)) throw unknown('node', pair.source, where, valid);
  if (![...valid, ...ends].includes(pair.destination))
    throw unknown('node', pair.destination, where, valid);
  return pair;
}

/** Reads address pairs. Throws InputError for names that nobody has. */
export function addressPairs(
  ip: string | readonly string[],
  where: string,
  names: Names,
): readonly Pair[] {
  return [ip].flat().map(text => {
    const pair = parsePair(text, where);
    for (const name of [pair.source, pair.destination])
      if (name !== chosenAddress) addressOf(name, where, names);
    return pair;
  });
}

/** The address of a name. Throws InputError, with `where` as its place, for a name that nobody has. */
export function addressOf(name: string, where: string, names: Names): string {
  const address = names.address(name);
  if (address === undefined)
    throw unknown('address', name, where, ['CIP', 'VIP', 'DIP', 'LIP', chosenAddress, 'RIP1']);
  return address;
}

function unknown(kind: string, value: string, where: string, valid: readonly string[]): InputError {
  const meant = nearest(value, valid);
  return new InputError({
    what: `no ${kind} has this name, or it has no address of the lab's family`,
    where,
    value,
    valid,
    next: meant === undefined ? 'use a name of the topology' : `did you mean "${meant}"?`,
  });
}
