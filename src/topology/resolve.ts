import {canonical, families, parseAddress, parsePrefix} from './ip.ts';
import type {TopologyFile} from './schema.ts';
import type {Family, Interface, Node, PerFamily, Role, Route, Topology} from './types.ts';

type NodeFile = TopologyFile['nodes'][string];

/** The name that a role's first interface has when the file names no address of the node. */
const defaultNames: Readonly<Record<Role, string | undefined>> = {
  client: 'CIP',
  director: 'DIP',
  realServer: 'RIP',
  router: undefined,
};

/** Resolves a checked topology file: canonical addresses, pinned MACs, default names, one family for each route. */
export function resolve(file: TopologyFile): Topology {
  const networkNames = Object.keys(file.networks);
  const names = addressNames(file);
  return {
    name: file.name,
    description: file.description,
    networks: Object.entries(file.networks).map(([name, {v4, v6, mtu}]) => ({
      name,
      prefix: perFamily({v4, v6}, canonicalPrefix),
      mtu,
    })),
    nodes: Object.entries(file.nodes).map(([name, node], nodeIndex): Node => ({
      name,
      role: node.role,
      interfaces: Object.entries(node.interfaces).map(
        ([interfaceName, link], index): Interface => ({
          name: interfaceName,
          network: link.network,
          mac: mac(networkNames.indexOf(link.network), nodeIndex, index),
          address: perFamily(link, canonical),
          names: link.names ?? (index === 0 ? (names.get(name) ?? []) : []),
        }),
      ),
      routes: node.routes.map(resolveRoute),
      sysctls: Object.fromEntries(
        Object.entries(node.sysctls).map(([key, value]) => [key, String(value)]),
      ),
      services: node.services.map(({http}) => ({kind: 'http', port: http})),
    })),
    addresses: Object.entries(file.addresses).map(([name, address]) => ({
      name,
      address: perFamily(address, canonical),
      network: address.network,
    })),
  };
}

/**
 * The MAC of a node's interface: locally administered unicast (IEEE 802, second-lowest bit of the first byte), `LV`, then the
 * positions of network, node and interface, so it is the same in every run and tells a reader whose it is.
 */
const mac = (network: number, node: number, index: number): string =>
  [0x02, 0x4c, 0x56, network + 1, node + 1, index]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join(':');

/** Default names by node: CIP, DIP, RIP1, RIP2 ..., each the first of its row that the file has not given away. */
function addressNames(file: TopologyFile): ReadonlyMap<string, readonly string[]> {
  const nodes = Object.entries(file.nodes);
  const taken = new Set([
    ...Object.keys(file.addresses),
    ...nodes.flatMap(([, node]) =>
      Object.values(node.interfaces).flatMap(link => link.names ?? []),
    ),
  ]);
  const counts = new Map<Role, number>();
  const names = new Map<string, readonly string[]>();
  for (const [name, node] of nodes) {
    let position = (counts.get(node.role) ?? 0) + 1;
    counts.set(node.role, position);
    const stem = defaultNames[node.role];
    if (stem === undefined || isNamed(node)) continue;
    const numbered = (): string =>
      position === 1 && node.role !== 'realServer' ? stem : `${stem}${position}`;
    while (taken.has(numbered())) position += 1;
    taken.add(numbered());
    names.set(name, [numbered()]);
  }
  return names;
}

const isNamed = (node: NodeFile): boolean =>
  Object.values(node.interfaces).some(link => link.names !== undefined);

function resolveRoute({to, via}: {to: string; via: string}): Route {
  const family: Family = parseAddress(via)?.family ?? 'v4';
  return {to: to === 'default' ? to : canonicalPrefix(to), via: canonical(via), family};
}

function canonicalPrefix(text: string): string {
  const prefix = parsePrefix(text);
  return 'wrong' in prefix ? text : prefix.text;
}

/** The values there are, without keys for those there are not, so that a topology is equal to what its JSON reads. */
function perFamily(
  values: PerFamily<string>,
  change: (value: string) => string,
): PerFamily<string> {
  return Object.fromEntries(
    families.flatMap(family => {
      const value = values[family];
      return value === undefined ? [] : [[family, change(value)]];
    }),
  );
}
