import test from 'ava';
import health from '../../labs/keepalived/health.ts';
import masq from '../../labs/keepalived/masq.ts';
import {checkLab} from '../../src/lab/check.ts';
import {keepalived, stopServer, untilRemoved, type LabDefinition} from '../../src/lab/define.ts';
import {planLab} from '../../src/lab/plan.ts';
import type {Lab, LabSpec} from '../../src/lab/types.ts';
import {findTopology, ownTopologies} from '../../src/topology/load.ts';

const labOf = ({spec}: LabDefinition, change: Partial<LabSpec> = {}): Lab => ({
  ...spec,
  ...change,
  kind: 'lab',
  name: 'keepalived/test',
  file: '/test.ts',
});

const configs = (lab: Lab, counter = false): readonly string[] =>
  planLab(lab, counter ? lab.counter[0] : undefined).steps.flatMap(step =>
    step.kind === 'keepalived' ? [step.config] : [],
  );

test('keepalived is told of the service that ipvsadm set up', t => {
  const [config] = configs(labOf(masq));
  t.regex(config ?? '', /^virtual_server 198\.51\.100\.80 80 \{/);
  t.is(config?.match(/real_server 203\.0\.113\.2[12] 8080 \{\n {4}lvs_method NAT/g)?.length, 2);
  t.notRegex(config ?? '', /TCP_CHECK/);
});

test('a counter-lab tells it of another method, or takes its checks away', t => {
  t.regex(configs(labOf(masq), true)[0] ?? '', /lvs_method DR/);
  t.regex(configs(labOf(health))[0] ?? '', /TCP_CHECK/);
  t.notRegex(configs(labOf(health), true)[0] ?? '', /TCP_CHECK/);
});

test('what must be the same, and what must change, follows from the steps', t => {
  t.deepEqual(planLab(labOf(masq)).expectation.same, {first: 4, proves: ['K1']});
  t.deepEqual(planLab(labOf(masq), masq.spec.counter[0]).expectation.same?.first, 2);
  t.deepEqual(planLab(labOf(health)).expectation.health, {
    node: 'director',
    changes: [
      {kind: 'remove', node: 'rs1'},
      {kind: 'add', node: 'rs1'},
    ],
    proves: ['K2'],
  });
});

test('a counter-lab does not wait long for a change that must not come', t => {
  const seconds = (counter: boolean) =>
    planLab(labOf(health), counter ? health.spec.counter[0] : undefined).steps.flatMap(step =>
      step.kind === 'until' ? [step.seconds] : [],
    );
  t.deepEqual(seconds(false), [30, 30]);
  t.deepEqual(seconds(true), [8, 8]);
});

test('a server that is stopped or waited for must be one of the service', t => {
  const topology = findTopology('farm', [ownTopologies]);
  t.deepEqual(checkLab(labOf(health), topology), []);
  const traffic = [stopServer('rs3'), untilRemoved('r1'), ...[health.spec.traffic].flat()];
  t.deepEqual(
    checkLab(labOf(health, {traffic}), topology).map(({value, valid}) => [value, valid]),
    [
      ['rs3', ['rs1', 'rs2']],
      ['r1', ['rs1', 'rs2']],
    ],
  );
});

const refused = test.macro((t, lab: Lab, wanted: readonly string[]) => {
  const topology = findTopology(lab.topology, [ownTopologies]);
  t.deepEqual(
    checkLab(lab, topology).map(({path}) => path.join('.')),
    wanted,
  );
});
const [, , after] = [masq.spec.traffic].flat();
test(
  'the same packets twice need keepalived between them',
  refused,
  labOf(masq, {traffic: after ?? []}),
  ['expect.same'],
);
test(
  'the same packets twice need traffic before keepalived',
  refused,
  labOf(masq, {traffic: [keepalived(), ...(after === undefined ? [] : [after])]}),
  ['expect.same'],
);
test(
  'health checks need a keepalived that makes them',
  refused,
  labOf(health, {traffic: [keepalived(), ...[health.spec.traffic].flat().slice(1)]}),
  ['expect.health'],
);
test(
  'keepalived takes over once',
  refused,
  labOf(masq, {traffic: [...[masq.spec.traffic].flat(), keepalived()]}),
  ['traffic'],
);
test(
  'only servers of tcp are stopped',
  refused,
  labOf(health, {service: {...health.spec.service, protocol: 'udp'}}),
  ['service.protocol'],
);
