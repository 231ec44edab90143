import test from 'ava';
import rr from '../../labs/schedulers/rr.ts';
import wrr from '../../labs/schedulers/wrr.ts';
import {checkLab} from '../../src/lab/check.ts';
import {connections, edit, release, type LabDefinition} from '../../src/lab/define.ts';
import {planLab} from '../../src/lab/plan.ts';
import type {PlanStep} from '../../src/lab/steps.ts';
import type {Lab, LabSpec} from '../../src/lab/types.ts';
import {findTopology, ownTopologies} from '../../src/topology/load.ts';

const labOf = ({spec}: LabDefinition, change: Partial<LabSpec> = {}): Lab => ({
  ...spec,
  ...change,
  kind: 'lab',
  name: 'schedulers/test',
  file: '/test.ts',
});

const edits = (steps: readonly PlanStep[]): readonly string[] =>
  steps.flatMap(step => (step.kind === 'edit' ? step.lines : []));

test('edits are lines of ipvsadm, in the order of the steps', t => {
  t.deepEqual(edits(planLab(labOf(wrr)).steps), [
    '-e -t 192.0.2.80:80 -r 192.0.2.21:80 -g -w 0',
    '-e -t 192.0.2.80:80 -r 192.0.2.24:80 -g -w 6',
    '-d -t 192.0.2.80:80 -r 192.0.2.24:80',
  ]);
  t.deepEqual(edits(planLab(labOf(rr)).steps), [
    '-e -t 192.0.2.80:80 -r 192.0.2.22:80 -g -w 0',
    '-e -t 192.0.2.80:80 -r 192.0.2.22:80 -g -w 1',
    '-a -t 192.0.2.80:80 -r 192.0.2.24:80 -g -w 1',
    '-d -t 192.0.2.80:80 -r 192.0.2.21:80',
  ]);
});

test('a real server that is added later is set up from the start, and may be chosen', t => {
  const plan = planLab(labOf(rr));
  t.true(plan.scripts.get('rs4')?.includes('ip addr add 192.0.2.80/32 dev lo'));
  t.true(plan.expectation.realServers.some(({node}) => node === 'rs4'));
  t.is(plan.expectation.schedule?.service.realServers.length, 3);
  t.is(plan.expectation.connections, 24);
});

test('many sources are addresses that the client is given, used in turn; ports count up by rounds', t => {
  const traffic = connections({
    from: 'client',
    to: 'VIP',
    connections: 5,
    sources: 2,
    sourcePort: 5000,
  });
  const plan = planLab(labOf(rr, {traffic}));
  const [step] = plan.steps;
  t.deepEqual(
    step?.kind === 'connections' ? step.traffic.connections : undefined,
    [
      ['100', 5000],
      ['101', 5000],
      ['100', 5001],
      ['101', 5001],
      ['100', 5002],
    ].map(([host, sourcePort]) => ({source: `192.0.2.${host}`, sourcePort})),
  );
  t.deepEqual(plan.expectation.clients, ['192.0.2.100', '192.0.2.101']);
  t.true(plan.scripts.get('client')?.includes('ip addr add 192.0.2.101/32 dev eth0'));
});

const misfit = test.macro({
  exec(t, traffic: LabSpec['traffic'], what: RegExp, value: string) {
    const topology = findTopology('farm', [ownTopologies]);
    const found = checkLab(labOf(rr, {traffic}), topology);
    t.true(
      found.some(one => what.test(one.what) && one.value === value),
      JSON.stringify(found),
    );
  },
  title: (_, __, ___, value) => `a step that names "${value}", which is not there, is told`,
});
const held = connections({from: 'client', to: 'VIP', connections: 1, hold: 'first'});
test(misfit, connections({from: 'clent', to: 'VIP', connections: 1}), /no such node/, 'clent');
test(misfit, connections({from: 'client', to: 'VPI', connections: 1}), /no address/, 'VPI');
test(misfit, [held, release('frist')], /no step before holds/, 'frist');
test(misfit, [release('first'), held], /no step before holds/, 'first');
test(misfit, edit({weights: {rs9: 1}}), /no such real server/, 'rs9');
test(misfit, edit({add: [{node: 'client', forward: 'masq'}]}), /no such node/, 'client');
test(misfit, edit({remove: ['rs4']}), /no such real server/, 'rs4');
