import test from 'ava';
import dh from '../../labs/schedulers/dh.ts';
import fwmark from '../../labs/protocols/fwmark.ts';
import {checkLab} from '../../src/lab/check.ts';
import {connections, type LabDefinition} from '../../src/lab/define.ts';
import {planLab} from '../../src/lab/plan.ts';
import type {Lab, LabSpec} from '../../src/lab/types.ts';
import {findTopology, ownTopologies} from '../../src/topology/load.ts';

const labOf = ({spec}: LabDefinition, change: Partial<LabSpec> = {}): Lab => ({
  ...spec,
  ...change,
  kind: 'lab',
  name: 'protocols/test',
  file: '/test.ts',
});

test('connections go to the addresses and ports of a marked service in turn', t => {
  const plan = planLab(labOf(fwmark));
  const [step] = plan.steps;
  const to = step?.kind === 'connections' ? step.traffic.connections.map(one => one.to) : [];
  const [a, b] = ['192.0.2.80', '192.0.2.100'];
  const round = [
    {address: a, port: 80},
    {address: b, port: 80},
    {address: a, port: 8080},
    {address: b, port: 8080},
  ];
  t.deepEqual(to, [...round, ...round, ...round]);
  t.deepEqual(plan.expectation.virtuals, round.slice(1));
  t.deepEqual(plan.expectation.schedule?.service.key, {kind: 'fwmark', mark: 7, family: 'v4'});
});

test('addresses of a service are none that a client sends from', t => {
  const plan = planLab(labOf(dh));
  const clients = plan.expectation.clients ?? [];
  const virtuals = (plan.expectation.virtuals ?? []).map(({address}) => address);
  t.is(clients.length, 7);
  t.is(new Set([...clients, ...virtuals]).size, 7 + 119);
});

test('real servers of a marked service have no port, and serve all its ports', t => {
  const script = planLab(labOf(fwmark)).scripts;
  t.true(script.get('director')?.includes('-a -f 7 -r 192.0.2.21:0 -g -w 1'));
  t.true(script.get('rs1')?.includes('listen 8080;'));
  t.true(script.get('rs1')?.includes('route add local 192.0.2.100/32 dev lo'));
});

test('a counter-lab leaves the marks of a port out, and nothing else', t => {
  const lab = labOf(fwmark);
  const [right, wrong] = [planLab(lab), planLab(lab, lab.counter[0])].map(
    ({scripts}) => scripts.get('director')?.split('\n') ?? [],
  );
  t.deepEqual(
    right?.filter(line => !wrong?.includes(line)),
    right?.filter(line => line.includes('--dport 8080')),
  );
  t.is(right?.length, (wrong?.length ?? 0) + 2);
});

test('a step that asks for more than the service has is told', t => {
  const topology = findTopology('farm', [ownTopologies]);
  const whatOf = (destinations: number, ports: readonly number[]): readonly string[] =>
    checkLab(
      labOf(fwmark, {
        traffic: connections({from: 'client', to: 'VIP', connections: 1, destinations, ports}),
      }),
      topology,
    ).map(({what}) => what);
  t.deepEqual(whatOf(2, [80, 8080]), []);
  t.deepEqual(whatOf(3, [80]), ['the service has not so many addresses']);
  t.deepEqual(whatOf(1, [81]), ['the service has no such port']);
});
