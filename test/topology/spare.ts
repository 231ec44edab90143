import test from 'ava';
import {findTopology, ownTopologies} from '../../src/topology/load.ts';
import {nodeByName} from '../../src/topology/names.ts';
import {spareAddresses} from '../../src/topology/spare.ts';
import {InputError} from '../../src/problem.ts';

const farm = findTopology('farm', [ownTopologies]);
const client = nodeByName(farm, 'client');

test('spare addresses are of the network of the node, in order', t => {
  t.deepEqual(spareAddresses(farm, client, 'v4', 3), ['192.0.2.100', '192.0.2.101', '192.0.2.102']);
  t.deepEqual(spareAddresses(farm, client, 'v6', 2), ['2001:db8:1::64', '2001:db8:1::65']);
});

test('an address that somebody has, or that is a VIP, is not spare', t => {
  const taken = {
    ...farm,
    nodes: [
      ...farm.nodes,
      {
        ...client,
        name: 'other',
        interfaces: client.interfaces.map(link => ({...link, address: {v4: '192.0.2.101'}})),
      },
    ],
    addresses: [{name: 'VIP', network: 'lan', address: {v4: '192.0.2.100'}}],
  };
  t.deepEqual(spareAddresses(taken, client, 'v4', 2), ['192.0.2.102', '192.0.2.103']);
});

test('more than the network has are refused, with how many there are', t => {
  const error = t.throws(() => spareAddresses(farm, client, 'v4', 500), {instanceOf: InputError});
  t.regex(error.message, /too few spare addresses/);
  t.regex(error.message, /up to 155/);
});
