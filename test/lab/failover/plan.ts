import test from 'ava';
import dr from '../../../labs/failover/dr.ts';
import dual from '../../../labs/failover/dual-master.ts';
import nat from '../../../labs/failover/nat.ts';
import split from '../../../labs/failover/split-brain.ts';
import {checkFailover} from '../../../src/lab/failover/check.ts';
import type {FailoverDefinition} from '../../../src/lab/failover/define.ts';
import {ask, kill, masters, release, whoHas} from '../../../src/lab/define.ts';
import {planFailover} from '../../../src/lab/failover/plan.ts';
import type {FailoverLab, FailoverSpec} from '../../../src/lab/failover/types.ts';
import {capabilityNames} from '../../../src/host/capabilities.ts';
import {expectationSchema} from '../../../src/lab/saved.ts';
import {whatLacks} from '../../../src/lab/missing.ts';
import {findTopology, ownTopologies} from '../../../src/topology/load.ts';
import {InputError} from '../../../src/problem.ts';

const labOf = ({spec}: FailoverDefinition, change: Partial<FailoverSpec> = {}): FailoverLab => ({
  ...spec,
  ...change,
  kind: 'failover',
  name: 'failover/test',
  file: '/test.ts',
});

const configs = (lab: FailoverLab, counter?: FailoverLab['counter'][number]): readonly string[] =>
  planFailover(lab, counter).steps.flatMap(step =>
    step.kind === 'start' ? step.directors.map(({config}) => config) : [],
  );

test('each director is told of its priority, the sync daemon and the services', t => {
  const [d1 = '', d2 = ''] = configs(labOf(dr));
  t.regex(d1, /priority 150/);
  t.regex(d2, /priority 100/);
  for (const config of [d1, d2]) {
    t.regex(config, /lvs_sync_daemon eth0 VR_51 id 1/);
    t.regex(config, /virtual_server 198\.51\.100\.80 80 \{/);
    t.is(config.match(/lvs_method DR/g)?.length, 2);
    t.notRegex(config, /vrrp_sync_group/);
  }
});

test('in NAT the VIP and the gateway of the real servers move together', t => {
  const [d1 = ''] = configs(labOf(nat));
  t.regex(d1, /vrrp_sync_group/);
  t.regex(d1, /interface eth0[^}]*\{\s+198\.51\.100\.80\/32 dev eth0/);
  t.regex(d1, /interface eth1[^}]*\{\s+203\.0\.113\.1\/32 dev eth1/);
  t.regex(d1, /lvs_method NAT/);
});

test('two VIPs have a service and a virtual router each', t => {
  const [d1 = '', d2 = ''] = configs(labOf(dual));
  t.is(d1.match(/^virtual_server /gm)?.length, 2);
  t.regex(d1, /virtual_router_id 52\n {2}priority 100/);
  t.regex(d2, /virtual_router_id 52\n {2}priority 150/);
  t.deepEqual(planFailover(labOf(dual)).expectation.virtuals, [
    {address: '198.51.100.81', port: 80},
  ]);
});

test('what is wrong in a counter-lab is wrong in what directors are told, and what is expected stays', t => {
  const [withoutSync] = dr.spec.counter;
  t.notRegex(configs(labOf(dr), withoutSync).join(''), /sync/);
  t.deepEqual(
    planFailover(labOf(dr), withoutSync).expectation,
    planFailover(labOf(dr)).expectation,
  );
  const [, silent] = split.spec.counter;
  t.regex(configs(labOf(split), silent).join(''), /higher_prio_send_advert false/);
  t.regex(configs(labOf(split), silent).join(''), /garp_lower_prio_repeat 0/);
  const [priorities] = dual.spec.counter;
  t.regex(configs(labOf(dual), priorities)[1] ?? '', /virtual_router_id 52\n {2}priority 100/);
});

test('a cure that is left out is no step', t => {
  const [uncured] = split.spec.counter;
  const kinds = (counter?: FailoverLab['counter'][number]) =>
    planFailover(labOf(split), counter).steps.map(({kind}) => kind);
  t.true(kinds().includes('cure'));
  t.deepEqual(
    kinds(uncured),
    kinds().filter(kind => kind !== 'cure'),
  );
});

test('who must hold what, and which daemon runs, follows from the masters', t => {
  const nodes = planFailover(labOf(dual)).steps.flatMap(step =>
    step.kind === 'masters' ? [step.nodes] : [],
  );
  t.deepEqual(nodes[0], [
    {node: 'd1', held: ['198.51.100.80'], free: ['198.51.100.81'], daemon: 'master'},
    {node: 'd2', held: ['198.51.100.81'], free: ['198.51.100.80'], daemon: 'backup'},
  ]);
  t.deepEqual(nodes[1]?.[1], {
    node: 'd2',
    held: ['198.51.100.80', '198.51.100.81'],
    free: [],
    daemon: 'master',
  });
});

test('what must be seen is counted from the steps', t => {
  const {connections, failover} = planFailover(labOf(dr)).expectation;
  t.is(connections, 4);
  t.is(failover?.survivors, 2);
  t.deepEqual(
    failover?.phases.map(one => one.masters['51']),
    [['d1'], ['d2']],
  );
  t.is(planFailover(labOf(split)).expectation.failover?.survivors, 0);
});

test('what is expected can be saved and read back', t => {
  for (const definition of [dr, nat, split, dual]) {
    const {expectation} = planFailover(labOf(definition));
    const saved: unknown = JSON.parse(JSON.stringify(expectation));
    t.deepEqual(expectationSchema.parse(saved), saved);
  }
});

test('a topology with one director is refused', t => {
  t.throws(() => planFailover(labOf(dr, {topology: 'routed-lan'})), {
    instanceOf: InputError,
    message: /needs two directors/,
  });
});

test('a scheduler that the kernel lacks skips the lab', t => {
  const service = {vips: ['VIP'], port: 80, scheduler: 'twos'};
  const kernel = {release: '6.1', has: capabilityNames, sysctls: []};
  const has = capabilityNames.filter(name => name !== 'scheduler-twos');
  t.is(whatLacks(planFailover(labOf(dr, {service})), kernel), undefined);
  t.regex(whatLacks(planFailover(labOf(dr, {service})), {...kernel, has}) ?? '', /twos/);
  t.is(whatLacks(planFailover(labOf(dr)), {...kernel, has}), undefined);
});

const misfit = test.macro<[change: Partial<FailoverSpec>, path: string, value: string]>({
  exec(t, change, path, value) {
    const lab = labOf(dr, change);
    const found = checkFailover(lab, findTopology(lab.topology, [ownTopologies]));
    t.deepEqual(
      found.map(one => [one.path.join('.'), one.value]),
      [[path, value]],
    );
  },
  title: (_, _change, path, value) => `${path}: ${value} is refused`,
});
const {sharing, steps, expect} = dr.spec;
const routers = (change: Partial<(typeof sharing.routers)[number]>) => ({
  sharing: {...sharing, routers: sharing.routers.map(router => ({...router, ...change}))},
});
test(misfit, {realServers: [{node: 'd1', forward: 'droute'}]}, 'realServers.node', 'd1');
test(misfit, {steps: [...steps, kill('rs1')]}, 'steps.kill', 'rs1');
test(misfit, {steps: [...steps, masters({51: ['d3']})]}, 'steps.masters', 'd3');
test(misfit, {steps: [...steps, masters({53: ['d1']})]}, 'steps.masters', '53');
test(misfit, {steps: [...steps, ask('nothing')]}, 'steps.ask', 'nothing');
test(misfit, {steps: [...steps, release('nothing')]}, 'steps.release', 'nothing');
test(misfit, {steps: [...steps, whoHas('VIP9', 'rs1')]}, 'steps.address', 'VIP9');
test(misfit, {steps: [...steps, whoHas('VIP', 'rs9')]}, 'steps.from', 'rs9');
test(misfit, routers({network: 'wan'}), 'sharing.network', 'wan');
test(misfit, routers({addresses: ['VIP9']}), 'sharing.addresses', 'VIP9');
test(misfit, routers({priorities: {d1: 1}}), 'sharing.routers.priorities', 'd1');
test(misfit, routers({priorities: {d1: 1, d2: 1}}), 'sharing.routers.priorities', 'd1, d2');
test(
  misfit,
  {sharing: {...sharing, sync: {network: 'lan', id: 1, router: 9}}},
  'sharing.sync.router',
  '9',
);
test(misfit, {service: {vips: ['WIP'], port: 80, scheduler: 'rr'}}, 'service.vips', 'WIP');
test(misfit, {claims: ['K3', 'K4']}, 'claims', 'K4');
test(misfit, {claims: []}, 'expect', 'K3');
test(
  misfit,
  {expect: {...expect, reply: [{link: 'rs > routr', ip: 'VIP > CIP'}]}},
  'expect.reply.link',
  'routr',
);
