import type {Topology} from '../../topology/types.ts';
import {interfaceOn, nodeByName} from '../../topology/names.ts';
import {innermostIp} from '../../wire/packet.ts';
import {addressOf, completeHops, parsePair, type Hop, type Pair} from '../hops.ts';
import type {Names} from '../names.ts';
import {rewritten, type Change, type Decoded, type Inner} from './inner.ts';
import {endOf} from './group.ts';
import type {ExchangeHop} from './types.ts';

/** A hop of an exchange with all that it took over from the hop before. */
export interface Link extends Hop {
  readonly network: string;
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** It goes to a group, and all of the network see it. */
  readonly toAll: boolean;
  readonly quotes: ExchangeHop['quotes'];
  readonly checksum: ExchangeHop['checksum'];
}

/** Completes the hops of a packet of an exchange. Throws InputError as completeHops does, and for a link without a network. */
export function completeLinks(
  expected: readonly ExchangeHop[],
  topology: Topology,
  names: Names,
): readonly Link[] {
  const own = new Map(expected.map((hop, i) => [i + 1, hop]));
  const networks = topology.networks.map(({name}) => name);
  return completeHops('request', expected, topology, names, networks).map(hop => {
    const where = `hop ${hop.number}`;
    const address = addressOf(hop.ip[0]?.destination ?? '', where, names);
    const end = endOf(hop.link, address, topology, where);
    const network = end?.network ?? '';
    const source = nodeByName(topology, hop.link.source, where);
    const {quotes, checksum} = own.get(hop.number) ?? {};
    return {
      ...hop,
      network,
      sourceMac: interfaceOn(source, network)?.mac ?? '',
      destinationMac: end?.mac ?? '',
      toAll: end?.toAll ?? false,
      quotes,
      checksum,
    };
  });
}

/** What the innermost packet must be on a hop, after what it was on the hop before; undefined where that had no IP. */
export function predict(before: Decoded, hop: Link, names: Names): Inner | undefined {
  const own = hop.ip.at(-1);
  const inner = rewritten(
    before,
    {...addresses(own, names), ...ports(hop.ports), ttl: hop.ttl},
    hop.quotes === undefined
      ? undefined
      : {
          ...addresses(parsePair(hop.quotes.ip, 'quotes'), names),
          ...(hop.quotes.ports === undefined ? {} : ports(parsePair(hop.quotes.ports, 'quotes'))),
        },
  );
  if (inner === undefined || hop.checksum === undefined) return inner;
  return {
    ...inner,
    checksums: {...inner.checksums, transport: hop.checksum},
    asWritten: undefined,
  };
}

function addresses(pair: Pair | undefined, names: Names): Change {
  if (pair === undefined) return {};
  const [source, destination] = [pair.source, pair.destination].map(name =>
    addressOf(name, 'a hop', names),
  );
  return {source, destination};
}

function ports(pair: Pair | undefined): Change {
  if (pair === undefined) return {};
  return {sourcePort: Number(pair.source), destinationPort: Number(pair.destination)};
}

/** Whether a packet has an IP header at all. */
export const hasIp = ({packet}: Decoded): boolean => innermostIp(packet) !== undefined;
