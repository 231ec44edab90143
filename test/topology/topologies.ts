import test from 'ava';
import {findTopology, ownTopologies, topologyNames} from '../../src/topology/load.ts';
import {
  addressByName,
  nodeByName,
  nodeOfAddress,
  sharedNetworks,
} from '../../src/topology/names.ts';
import type {Node, Topology} from '../../src/topology/types.ts';

const own = (name: string): Topology => findTopology(name, [ownTopologies]);
const gatewayNodes = (topology: Topology, node: string): readonly (string | undefined)[] =>
  nodeByName(topology, node).routes.map(
    route => `${route.family} ${nodeOfAddress(topology, route.via)?.node.name}`,
  );
const share = (topology: Topology, a: string, b: string): readonly string[] =>
  sharedNetworks(nodeByName(topology, a), nodeByName(topology, b));
const nodesIn = (topology: Topology, network: string): readonly string[] =>
  topology.nodes
    .filter(node => node.interfaces.some(link => link.network === network))
    .map(node => node.name);
const both = (node: string): readonly string[] => [`v4 ${node}`, `v6 ${node}`];

test('these are the topologies', t => {
  t.deepEqual(topologyNames([ownTopologies]), [
    'director-pair',
    'director-pair-nat',
    'farm',
    'narrow-path',
    'narrow-remote',
    'one-lan',
    'remote-real-servers',
    'routed-lan',
    'two-arm-nat',
  ]);
});

/** What holds of all of them: both families everywhere, the field's names, no redirects, routers that forward. */
const sound = test.macro((t, name: string) => {
  const topology = own(name);
  for (const address of ['VIP', 'CIP', 'DIP', 'RIP1', 'RIP2']) {
    t.truthy(addressByName(topology, address, 'v4'), address);
    t.truthy(addressByName(topology, address, 'v6'), address);
  }
  const isOff = (node: Node, key: string): boolean =>
    t.is(node.sysctls[`net.ipv4.conf.${key}`], '0', `${node.name} ${key}`);
  for (const node of topology.nodes) {
    const links = ['all', 'default', ...node.interfaces.map(link => link.name)];
    for (const link of links) isOff(node, `${link}.accept_redirects`);
    for (const link of node.interfaces)
      t.is(node.sysctls[`net.ipv6.conf.${link.name}.accept_redirects`], '0', node.name);
    if (node.role === 'router' || node.role === 'director')
      for (const link of links) isOff(node, `${link}.send_redirects`);
    if (node.role === 'router') {
      t.is(node.sysctls['net.ipv4.ip_forward'], '1');
      t.is(node.sysctls['net.ipv6.conf.all.forwarding'], '1');
    }
    if (node.role === 'realServer') t.true(node.services.some(({port}) => port === 80));
  }
});
for (const name of ['one-lan', 'routed-lan', 'two-arm-nat', 'remote-real-servers'])
  test(`${name} is sound`, sound, name);

test('one-lan: all nodes are on one network', t => {
  t.deepEqual(nodesIn(own('one-lan'), 'lan'), ['client', 'director', 'rs1', 'rs2']);
});

test('routed-lan: director and real servers share a LAN, and the router is the gateway of all', t => {
  const topology = own('routed-lan');
  t.deepEqual(share(topology, 'director', 'rs1'), ['lan']);
  t.deepEqual(share(topology, 'client', 'director'), []);
  for (const node of ['client', 'director', 'rs1', 'rs2'])
    t.deepEqual(gatewayNodes(topology, node), both('router'));
});

test('two-arm-nat: of director and real servers only the director has an outer address', t => {
  const topology = own('two-arm-nat');
  t.deepEqual(nodesIn(topology, 'outer'), ['router', 'director']);
  t.is(topology.addresses[0]?.network, 'outer');
  for (const node of ['rs1', 'rs2']) {
    t.deepEqual(gatewayNodes(topology, node), both('director'));
    t.deepEqual(
      nodeByName(topology, node).services.map(({port}) => port),
      [80, 8080],
    );
    t.is(nodeByName(topology, node).routes[0]?.via, addressByName(topology, 'DIP', 'v4'));
  }
  t.is(nodeByName(topology, 'director').sysctls['net.ipv4.ip_forward'], '1');
  // The wrong gateway of the counter-lab of NAT3.
  t.deepEqual(share(topology, 'router', 'rs1'), ['inner']);
  t.truthy(addressByName(topology, 'RTR', 'v4'));
});

test('remote-real-servers: a router stands between director and real servers', t => {
  const topology = own('remote-real-servers');
  for (const node of ['rs1', 'rs2']) {
    t.deepEqual(share(topology, 'director', node), []);
    t.deepEqual(share(topology, 'client', node), []);
    t.deepEqual(gatewayNodes(topology, node), both('router'));
  }
  t.is(topology.addresses[0]?.network, share(topology, 'router', 'director')[0]);
  t.is(addressByName(topology, 'LIP', 'v4'), addressByName(topology, 'DIP', 'v4'));
  t.is(nodeByName(topology, 'director').sysctls['net.ipv4.ip_forward'], '1');
});
