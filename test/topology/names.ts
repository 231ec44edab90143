import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {loadTopology} from '../../src/topology/load.ts';
import {
  addressByName,
  addressNames,
  gatewayBetween,
  interfaceOfMac,
  interfaceOn,
  nameOfAddress,
  networkByName,
  networkOfAddress,
  nodeByName,
  nodeOfAddress,
  nodesOfRole,
  prefixLength,
  sharedNetworks,
} from '../../src/topology/names.ts';
import {sample} from './support/sample.ts';

const topology = loadTopology(sample, 'sample.yaml');
const [client, router, director, rs1] = ['client', 'router', 'director', 'rs1'].map(name =>
  nodeByName(topology, name),
);

test('an address has names, and every interface has one by its place', t => {
  t.is(addressByName(topology, 'VIP', 'v4'), '198.51.100.80');
  t.is(addressByName(topology, 'CIP', 'v6'), '2001:db8:1::10');
  t.is(addressByName(topology, 'LIP', 'v4'), '198.51.100.2');
  t.is(addressByName(topology, 'router.eth0', 'v4'), '192.0.2.1');
  t.is(addressByName(topology, 'RIP9', 'v4'), undefined);
  t.is(
    addressNames(topology).join(' '),
    'VIP CIP RTR DIP LIP RIP1 client.eth0 router.eth0 router.eth1 director.eth0 rs1.eth0',
  );
});

test('a name has no address of a family that the topology does not give it', t => {
  const only4 = loadTopology(
    'name: one\nnetworks: {lan: {v4: 192.0.2.0/24}}\nnodes: {a: {role: client, interfaces: {eth0: {network: lan, v4: 192.0.2.1}}}}',
    'one.yaml',
  );
  t.is(addressByName(only4, 'CIP', 'v4'), '192.0.2.1');
  t.is(addressByName(only4, 'CIP', 'v6'), undefined);
  t.is(networkOfAddress(only4, '2001:db8::1'), undefined);
});

test('an address is called by its preferred name, or by its place', t => {
  t.is(nameOfAddress(topology, '198.51.100.2'), 'DIP');
  t.is(nameOfAddress(topology, '198.51.100.80'), 'VIP');
  t.is(nameOfAddress(topology, '192.0.2.1'), 'router.eth0');
  t.is(nameOfAddress(topology, '2001:0db8:2::0021'), 'RIP1');
  t.is(nameOfAddress(topology, '203.0.113.1'), undefined);
  t.is(nameOfAddress(topology, 'nonsense'), undefined);
});

test('an address leads to its node and interface, a VIP to none', t => {
  t.is(nodeOfAddress(topology, '2001:DB8:2::1')?.node, router);
  t.is(nodeOfAddress(topology, '198.51.100.1')?.interface.name, 'eth1');
  t.is(nodeOfAddress(topology, '198.51.100.80'), undefined);
});

test('a MAC leads to its node and interface', t => {
  const found = interfaceOfMac(topology, '02:4c:56:02:02:01');
  t.true(found?.node === router);
  t.is(found?.interface.name, 'eth1');
  t.is(interfaceOfMac(topology, 'ff:ff:ff:ff:ff:ff'), undefined);
});

test('an unknown node is told with its place, the nodes there are and the nearest', t => {
  t.deepEqual<unknown, unknown>(nodeByName(topology, 'rs1'), rs1);
  const error = t.throws(() => nodeByName(topology, 'rs', 'labs/x.ts:3:7'), {
    instanceOf: InputError,
  });
  t.is(
    error.message,
    'labs/x.ts:3:7: unknown node in topology "sample"\n  got    rs\n' +
      '  valid  client, router, director, rs1\n  next   did you mean rs1?',
  );
});

test('nodes are found by role, networks by name and by an address in them', t => {
  t.deepEqual(nodesOfRole(topology, 'director'), [director]);
  t.is(networkByName(topology, 'lan')?.mtu, 1400);
  t.is(networkByName(topology, 'wan'), undefined);
  t.is(networkOfAddress(topology, '198.51.100.99')?.name, 'lan');
  t.is(networkOfAddress(topology, '2001:db8:1:0:ffff::')?.name, 'outer');
  t.is(networkOfAddress(topology, '203.0.113.1'), undefined);
  t.is(prefixLength('2001:db8::/64'), 64);
});

test('nodes share networks, and a neighbour is reached at its address there', t => {
  if (!client || !router || !director || !rs1) return t.fail();
  t.deepEqual(sharedNetworks(director, rs1), ['lan']);
  t.deepEqual(sharedNetworks(client, rs1), []);
  t.is(interfaceOn(router, 'lan')?.name, 'eth1');
  t.is(interfaceOn(client, 'lan'), undefined);
  t.is(gatewayBetween(rs1, router, 'v4'), '198.51.100.1');
  t.is(gatewayBetween(rs1, router, 'v6'), '2001:db8:2::1');
  t.is(gatewayBetween(client, director, 'v4'), undefined);
});
