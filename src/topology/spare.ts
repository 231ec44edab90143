import {InputError} from '../problem.ts';
import {addressBits, familyName, formatAddress, parsePrefix} from './ip.ts';
import {networkByName} from './names.ts';
import type {Family, Node, Topology} from './types.ts';

/** Where spare addresses begin in a network, above what topologies use by custom. */
const first = 100;

/**
 * Addresses of the network of the node's first interface that the topology gives to nobody, the lowest from .100 (::64
 * in IPv6) on. Throws InputError when the network has not so many.
 */
export function spareAddresses(
  topology: Topology,
  node: Node,
  family: Family,
  count: number,
): readonly string[] {
  const network = networkByName(topology, node.interfaces[0]?.network ?? '');
  const cidr = network?.prefix[family];
  const prefix = cidr === undefined ? undefined : parsePrefix(cidr);
  if (prefix === undefined || 'wrong' in prefix)
    throw new InputError({
      what: `node "${node.name}" has no ${familyName[family]} network on its first interface`,
      where: topology.name,
      next: 'give the network a prefix of this family in the topology',
    });
  const used = new Set(
    [
      ...topology.nodes.flatMap(({interfaces}) => interfaces.map(({address}) => address[family])),
      ...topology.addresses.map(({address}) => address[family]),
    ].filter(address => address !== undefined),
  );
  const last = prefix.value + (1n << BigInt(addressBits[family] - prefix.length)) - 1n;
  const spare: string[] = [];
  for (let value = prefix.value + BigInt(first); value < last && spare.length < count; value++) {
    const text = formatAddress(family, value);
    if (!used.has(text)) spare.push(text);
  }
  if (spare.length === count) return spare;
  throw new InputError({
    what: `network "${network?.name ?? ''}" has too few spare addresses`,
    where: topology.name,
    value: `${count} wanted`,
    valid: [`up to ${spare.length}`],
    next: 'send from fewer sources, or use a larger prefix',
  });
}
