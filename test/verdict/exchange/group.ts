import test from 'ava';
import {findTopology, ownTopologies} from '../../../src/topology/load.ts';
import {endOf, macOfGroup, membersOf} from '../../../src/verdict/exchange/group.ts';

test('the MAC of a group has the low bits of its address', t => {
  t.is(macOfGroup('224.0.0.81'), '01:00:5e:00:00:51');
  // 23 bits of an IPv4 address, and no more.
  t.is(macOfGroup('239.129.2.3'), '01:00:5e:01:02:03');
  t.is(macOfGroup('ff02::1:ff00:12'), '33:33:ff:00:00:12');
});

test('other addresses have none', t => {
  for (const address of ['223.255.255.255', '240.0.0.1', '255.255.255.255', 'fe80::1'])
    t.is(macOfGroup(address), undefined, address);
});

const topology = findTopology('two-arm-nat', [ownTopologies]);

test('a link ends at a node, or at all of a network that its sender is on', t => {
  const end = (destination: string, address: string) =>
    endOf({source: 'director', destination}, address, topology, 'here');
  t.like(end('rs1', '224.0.0.81'), {network: 'inner', toAll: false});
  t.deepEqual(end('inner', '224.0.0.81'), {
    network: 'inner',
    mac: '01:00:5e:00:00:51',
    toAll: true,
  });
  t.like(end('inner', '192.0.2.1'), {mac: '', toAll: true});
  t.is(end('clients', '224.0.0.81'), undefined);
  t.throws(() => end('nobody', '224.0.0.81'), {message: /unknown node/});
});

test('all of a network are the interfaces on it', t => {
  const names = membersOf(topology, 'inner').map(({node}) => node.name);
  t.deepEqual(names, ['router', 'director', 'rs1', 'rs2']);
});
