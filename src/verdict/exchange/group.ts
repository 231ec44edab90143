import {
  interfaceOn,
  networkByName,
  nodeByName,
  sharedNetworks,
  type Attachment,
} from '../../topology/names.ts';
import type {Topology} from '../../topology/types.ts';
import {formatMac, parseFamily} from '../../wire/address.ts';
import type {Pair} from '../hops.ts';

/** The MAC of a multicast group (RFC 1112, 6.4; RFC 2464, 7); undefined for any other address. */
export function macOfGroup(address: string): string | undefined {
  const v6 = address.includes(':');
  const bytes = Buffer.from(parseFamily(address, v6 ? 'ipv6' : 'ipv4'));
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  if (v6)
    return first === 0xff
      ? formatMac(Buffer.from([0x33, 0x33, ...bytes.subarray(12)]), 0)
      : undefined;
  return first >>> 4 === 14
    ? formatMac(Buffer.from([1, 0, 0x5e, second & 0x7f, third, fourth]), 0)
    : undefined;
}

/** Where a link ends. */
export interface LinkEnd {
  readonly network: string;
  /** Of the node's interface, or of the group; '' where an address that is no group's goes to a whole network. */
  readonly mac: string;
  /** The link is written `node > network`: what goes to a group is seen by all of the network. */
  readonly toAll: boolean;
}

/**
 * Where a link ends on which a packet goes to `address`; undefined when its sender is not on such a network. Throws InputError, with
 * `where` as its place, for what is neither a node nor a network.
 */
export function endOf(
  {source, destination}: Pair,
  address: string,
  topology: Topology,
  where: string,
): LinkEnd | undefined {
  const from = nodeByName(topology, source, where);
  if (isWhole(destination, topology))
    return interfaceOn(from, destination) === undefined
      ? undefined
      : {network: destination, mac: macOfGroup(address) ?? '', toAll: true};
  const to = nodeByName(topology, destination, where);
  const network = sharedNetworks(from, to)[0];
  return network === undefined
    ? undefined
    : {network, mac: interfaceOn(to, network)?.mac ?? '', toAll: false};
}

/** Whether the end of a link is a network and not a node, which goes first where both have the name. */
export const isWhole = (name: string, topology: Topology): boolean =>
  topology.nodes.every(node => node.name !== name) && networkByName(topology, name) !== undefined;

/** Every interface on a network: those that see what is sent to a group, its sender's own among them. */
export const membersOf = ({nodes}: Topology, network: string): readonly Attachment[] =>
  nodes.flatMap(node =>
    node.interfaces.flatMap(link => (link.network === network ? [{node, interface: link}] : [])),
  );
