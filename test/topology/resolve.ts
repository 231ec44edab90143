import test from 'ava';
import {loadTopology} from '../../src/topology/load.ts';
import {sample, spoil} from './support/sample.ts';

const namesOf = (text: string): Record<string, readonly string[]> =>
  Object.fromEntries(
    loadTopology(text, 'sample.yaml').nodes.map(node => [
      node.name,
      node.interfaces.flatMap(({names}) => names),
    ]),
  );

test('everything is resolved: canonical addresses, MACs by position, default names, families', t => {
  const topology = loadTopology(sample, 'sample.yaml');
  t.deepEqual(topology.networks, [
    {name: 'outer', prefix: {v4: '192.0.2.0/24', v6: '2001:db8:1::/64'}, mtu: 1500},
    {name: 'lan', prefix: {v4: '198.51.100.0/24', v6: '2001:db8:2::/64'}, mtu: 1400},
  ]);
  t.deepEqual(topology.addresses, [
    {name: 'VIP', network: 'lan', address: {v4: '198.51.100.80', v6: '2001:db8:2::80'}},
  ]);
  t.deepEqual(topology.nodes[0]?.routes, [
    {to: 'default', via: '192.0.2.1', family: 'v4'},
    {to: '2001:db8:2::/64', via: '2001:db8:1::1', family: 'v6'},
  ]);
  t.deepEqual(topology.nodes[1], {
    name: 'router',
    role: 'router',
    interfaces: [
      {
        name: 'eth0',
        network: 'outer',
        mac: '02:4c:56:01:02:00',
        address: {v4: '192.0.2.1', v6: '2001:db8:1::1'},
        names: [],
      },
      {
        name: 'eth1',
        network: 'lan',
        mac: '02:4c:56:02:02:01',
        address: {v4: '198.51.100.1', v6: '2001:db8:2::1'},
        names: ['RTR'],
      },
    ],
    routes: [],
    sysctls: {'net.ipv4.ip_forward': '1'},
    services: [],
  });
  t.deepEqual(topology.nodes[3], {
    name: 'rs1',
    role: 'realServer',
    interfaces: [
      {
        name: 'eth0',
        network: 'lan',
        mac: '02:4c:56:02:04:00',
        address: {v4: '198.51.100.21', v6: '2001:db8:2::21'},
        names: ['RIP1'],
      },
    ],
    routes: [{to: 'default', via: '198.51.100.1', family: 'v4'}],
    sysctls: {},
    services: [
      {kind: 'http', port: 80},
      {kind: 'http', port: 8080},
    ],
  });
});

test('a default name that the file gives to another address is passed over', t => {
  t.deepEqual(namesOf(spoil(sample, 'names: [RTR]', 'names: [RIP1, CIP]')), {
    client: ['CIP2'],
    router: ['RIP1', 'CIP'],
    director: ['DIP', 'LIP'],
    rs1: ['RIP2'],
  });
});

test('a node with a named interface gets no default name for another', t => {
  const text = spoil(
    sample,
    'eth0: {network: lan, names: [DIP, LIP], v4: 198.51.100.2, v6: 2001:db8:2::2}',
    'eth0: {network: lan, v4: 198.51.100.2}\n      eth1: {network: outer, names: [OUT], v4: 192.0.2.2}',
  );
  t.deepEqual(namesOf(text)['director'], ['OUT']);
});

test('an empty list of names means no name', t => {
  t.deepEqual(namesOf(spoil(sample, '[DIP, LIP]', '[]'))['director'], []);
});

test('a default name is not given twice when a real server before it is named otherwise', t => {
  const text = `${spoil(sample, 'eth0: {network: lan, v4: 198.51.100.21', 'eth0: {network: lan, names: [RIP2], v4: 198.51.100.21')}  rs2:
    role: realServer
    interfaces:
      eth0: {network: lan, v4: 198.51.100.22}
  rs3:
    role: realServer
    interfaces:
      eth0: {network: lan, v4: 198.51.100.23}
`;
  const {rs1, rs2, rs3} = namesOf(text);
  t.deepEqual([rs1, rs2, rs3], [['RIP2'], ['RIP3'], ['RIP4']]);
});

const family = test.macro((t, own: 'v4' | 'v6', prefix: string, address: string) => {
  const {networks, nodes} = loadTopology(
    `name: one\nnetworks:\n  lan: {${own}: ${prefix}}\nnodes:\n  a: {role: client, interfaces: {eth0: {network: lan, ${own}: ${address}}}}\n`,
    'one.yaml',
  );
  t.deepEqual(networks[0]?.prefix, {[own]: prefix});
  t.deepEqual(nodes[0]?.interfaces[0]?.address, {[own]: address});
});
test('a topology with IPv4 only is resolved', family, 'v4', '192.0.2.0/24', '192.0.2.1');
test('a topology with IPv6 only is resolved', family, 'v6', '2001:db8::/64', '2001:db8::1');
