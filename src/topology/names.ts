import {InputError} from '../problem.ts';
import {correct} from './finding.ts';
import {canonical, contains, parseAddress, parsePrefix} from './ip.ts';
import type {Family, Interface, Network, Node, Topology} from './types.ts';

/** An interface and the node that it belongs to. */
export interface Attachment {
  readonly node: Node;
  readonly interface: Interface;
}

const attachments = ({nodes}: Topology): readonly Attachment[] =>
  nodes.flatMap(node => node.interfaces.map(link => ({node, interface: link})));

/** The names by which addressByName knows addresses: those of the topology, then `node.eth0` for each interface. */
export const addressNames = (topology: Topology): readonly string[] => [
  ...topology.addresses.map(({name}) => name),
  ...attachments(topology).flatMap(({interface: {names}}) => names),
  ...attachments(topology).map(placeOf),
];

/** The address of a name: VIP, CIP, RIP1, `rs1.eth0`. Undefined for an unknown name, or one without the family. */
export function addressByName(
  topology: Topology,
  name: string,
  family: Family,
): string | undefined {
  const named = topology.addresses.find(address => address.name === name);
  if (named !== undefined) return named.address[family];
  return attachments(topology).find(
    attachment => attachment.interface.names.includes(name) || placeOf(attachment) === name,
  )?.interface.address[family];
}

/** The preferred name of an address, `node.eth0` when it has no other; undefined for an address of nobody. */
export function nameOfAddress(topology: Topology, ip: string): string | undefined {
  const text = canonical(ip);
  const holder = nodeOfAddress(topology, ip);
  if (holder !== undefined) return holder.interface.names[0] ?? placeOf(holder);
  return topology.addresses.find(({address}) => address.v4 === text || address.v6 === text)?.name;
}

/** The interface that has the address from the start, with its node. A VIP belongs to none. */
export function nodeOfAddress(topology: Topology, ip: string): Attachment | undefined {
  const text = canonical(ip);
  return attachments(topology).find(
    ({interface: {address}}) => address.v4 === text || address.v6 === text,
  );
}

/** The interface that has the MAC (lower case, colon separated), with its node. */
export const interfaceOfMac = (topology: Topology, mac: string): Attachment | undefined =>
  attachments(topology).find(attachment => attachment.interface.mac === mac);

/** The node of this name. Throws InputError for an unknown one; `where` is the place of the name. */
export function nodeByName(topology: Topology, name: string, where?: string): Node {
  const node = topology.nodes.find(candidate => candidate.name === name);
  if (node !== undefined) return node;
  const valid = topology.nodes.map(candidate => candidate.name);
  throw new InputError({
    what: `unknown node in topology "${topology.name}"`,
    where,
    value: name,
    valid,
    next: correct(name, valid, 'choose one of the valid nodes'),
  });
}

/** The nodes of a role, in the order of the topology. */
export const nodesOfRole = (topology: Topology, role: Node['role']): readonly Node[] =>
  topology.nodes.filter(node => node.role === role);

/** The network of this name. */
export const networkByName = (topology: Topology, name: string): Network | undefined =>
  topology.networks.find(network => network.name === name);

/** The network whose prefix holds the address. */
export function networkOfAddress(topology: Topology, ip: string): Network | undefined {
  const address = parseAddress(ip);
  return topology.networks.find(({prefix}) => {
    const text = address === undefined ? undefined : prefix[address.family];
    const parsed = text === undefined ? undefined : parsePrefix(text);
    return (
      address !== undefined &&
      parsed !== undefined &&
      !('wrong' in parsed) &&
      contains(parsed, address)
    );
  });
}

/** The node's first interface on the network. */
export const interfaceOn = (node: Node, network: string): Interface | undefined =>
  node.interfaces.find(link => link.network === network);

/** The names of the networks that both nodes are on, in the order of `a`'s interfaces. */
export const sharedNetworks = (a: Node, b: Node): readonly string[] => [
  ...new Set(
    a.interfaces
      .map(({network}) => network)
      .filter(network => interfaceOn(b, network) !== undefined),
  ),
];

/** The address by which `node` reaches `gateway` without a router: the gateway's, on a network that they share. */
export const gatewayBetween = (node: Node, gateway: Node, family: Family): string | undefined =>
  sharedNetworks(node, gateway)
    .map(network => interfaceOn(gateway, network)?.address[family])
    .find(address => address !== undefined);

/** The length of a prefix in CIDR form: 24 for `192.0.2.0/24`. */
export const prefixLength = (cidr: string): number => Number(cidr.slice(cidr.lastIndexOf('/') + 1));

const placeOf = (attachment: Attachment): string =>
  `${attachment.node.name}.${attachment.interface.name}`;
