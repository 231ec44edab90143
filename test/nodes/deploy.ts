import test from 'ava';
import {containerOptions} from '../../src/nodes/container.ts';
import {attach, deploy} from '../../src/nodes/deploy.ts';
import {ownerOf} from '../../src/own/owner.ts';
import {BrokenLabError, InputError} from '../../src/problem.ts';
import type {Topology} from '../../src/topology/types.ts';
import {fakeEngine} from './support/fake-engine.ts';

const link = (name: string, network: string) => ({
  name,
  network,
  mac: `02:4c:56:00:00:0${name.at(-1)}`,
  address: {},
  names: [],
});
const topology: Topology = {
  name: 'small',
  description: '',
  networks: [
    {name: 'lan', prefix: {}, mtu: 1400},
    {name: 'wan', prefix: {}, mtu: 1500},
  ],
  nodes: [
    {
      name: 'node',
      role: 'router',
      interfaces: [link('eth0', 'wan'), link('eth1', 'lan')],
      routes: [],
      sysctls: {},
      services: [],
    },
  ],
  addresses: [],
};
const belonging = {run: '20261123-000000-try-abc123', owner: ownerOf()};

test('a container has its MACs pinned, two capabilities, and only /proc/sys/net to write', t => {
  const [node] = topology.nodes;
  t.truthy(node);
  if (node === undefined) return;
  const options = containerOptions(belonging, topology, node, 'image');
  t.is(options.name, 'lvslab-abc123-node');
  t.is(options.HostConfig?.NetworkMode, 'lvslab-abc123-wan');
  t.deepEqual(
    Object.entries(options.NetworkingConfig?.EndpointsConfig ?? {}).map(
      ([network, {MacAddress}]) => [network, MacAddress],
    ),
    [
      ['lvslab-abc123-wan', '02:4c:56:00:00:00'],
      ['lvslab-abc123-lan', '02:4c:56:00:00:01'],
    ],
  );
  t.deepEqual(options.HostConfig?.CapDrop, ['ALL']);
  t.deepEqual(options.HostConfig?.CapAdd, ['NET_ADMIN', 'NET_RAW']);
  t.is(options.HostConfig?.Privileged, undefined);
  const readOnly = options.HostConfig?.ReadonlyPaths ?? [];
  t.true(readOnly.includes('/proc/sys/kernel'));
  t.false(readOnly.some(path => '/proc/sys/net/ipv4'.startsWith(path)));
  t.is(options.Labels?.['lvslab.run'], belonging.run);
  t.is(options.Labels?.['lvslab.keep'], undefined);
});

test('two interfaces of a node on one network are refused before anything is made', t => {
  const [node] = topology.nodes;
  if (node === undefined) {
    t.fail();
    return;
  }
  const twice = {...node, interfaces: [link('eth0', 'lan'), link('eth1', 'lan')]};
  t.throws(() => containerOptions(belonging, topology, twice, 'image'), {
    instanceOf: InputError,
    message: /two interfaces on one network/,
  });
});

test('an engine that refuses a container breaks the lab, and what was made is removed', async t => {
  const fake = await fakeEngine();
  t.teardown(() => fake.close());
  const labels = {'lvslab.run': belonging.run};
  fake.answers.set('POST /networks/create', {status: 201, body: {Id: 'n'}});
  fake.answers.set('POST /containers/create', {
    status: 404,
    body: {message: 'No such image: image'},
  });
  fake.answers.set('GET /containers/json', {status: 200, body: []});
  fake.answers.set('GET /networks', {
    status: 200,
    body: [
      {Id: 'n1', Name: 'lvslab-abc123-lan', Labels: labels},
      {Id: 'n2', Name: 'lvslab-abc123-wan', Labels: labels},
    ],
  });
  for (const id of ['n1', 'n2'])
    fake.answers.set(`DELETE /networks/${id}`, {status: 204, body: ''});
  await t.throwsAsync(deploy({engine: fake.engine, nodeImage: 'image'}, topology, belonging), {
    instanceOf: BrokenLabError,
    message: /did not start the container of node "node"(.|\n)*No such image/,
  });
  const lines = fake.requests.map(({line}) => line);
  t.is(lines.filter(line => line.startsWith('DELETE /networks/')).length, 2);
  const created = fake.requests
    .filter(({line}) => line.startsWith('POST /networks/create'))
    .map(({body}): unknown => JSON.parse(body));
  t.like(created[0], {
    Name: 'lvslab-abc123-lan',
    Internal: true,
    Options: {
      'com.docker.network.bridge.inhibit_ipv4': 'true',
      'com.docker.network.driver.mtu': '1400',
    },
  });
});

test('a running topology is attached to by its labels; a missing node breaks the lab', async t => {
  const fake = await fakeEngine();
  t.teardown(() => fake.close());
  fake.answers.set('GET /networks', {status: 200, body: []});
  const container = (name: string) => ({
    Id: 'node',
    Names: ['/x'],
    Labels: {'lvslab.run': 'r', 'lvslab.topology': 'small', 'lvslab.node': name},
  });
  fake.answers.set('GET /containers/json', {status: 200, body: [container('node')]});
  const deployment = await attach(fake.engine, topology);
  t.is(deployment.run, 'r');
  t.is((await deployment.shells.get('node')?.run('echo here'))?.stdout.toString(), 'here\n');
  await deployment.close();
  fake.answers.set('GET /containers/json', {status: 200, body: [container('other')]});
  await t.throwsAsync(attach(fake.engine, topology), {
    instanceOf: BrokenLabError,
    message: /node "node" of topology "small" does not run/,
  });
});
