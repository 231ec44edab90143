import test from 'ava';
import type {RealServer} from '../../src/ipvs/types.ts';
import {performSteps} from '../../src/lab/perform.ts';
import type {PlanStep} from '../../src/lab/steps.ts';
import type {NodeShell} from '../../src/nodes/types.ts';
import {BrokenLabError} from '../../src/problem.ts';

const server: RealServer = {address: '192.0.2.21', port: 80, forward: 'droute', weight: 1};
const start: PlanStep = {
  kind: 'keepalived',
  node: 'director',
  config: 'virtual_server {}',
  servers: 1,
  checks: true,
};
const until = (listed: boolean): PlanStep => ({
  kind: 'until',
  node: 'director',
  server,
  listed,
  seconds: 5,
});

/** Shells that answer with the first output whose words stand in the label, and note what they were told. */
function shells(outputs: Readonly<Record<string, readonly [exitCode: number, stdout: string]>>) {
  const told: string[] = [];
  const shellOf = (node: string): NodeShell => ({
    node,
    run(script, {label = script} = {}) {
      told.push(label);
      const found = Object.entries(outputs).find(([words]) => label.includes(words));
      const [exitCode, stdout] = found?.[1] ?? [0, ''];
      return Promise.resolve({exitCode, stdout: Buffer.from(stdout), stderr: 'said'});
    },
    close: () => Promise.resolve(),
  });
  return {told, shellOf};
}

const started = [0, 'before\n--\n3\n--\nafter\n--\n4\n'] as const;

test('keepalived is killed after the last step; its services, configuration and log are kept', async t => {
  const {told, shellOf} = shells({'keepalived with': started, 'kill keepalived': [0, 'log\n']});
  const {texts, events, cleared} = await performSteps([start], shellOf);
  t.deepEqual(cleared, [{node: 'director', from: '3', to: '4'}]);
  t.is(told.at(-1), 'kill keepalived');
  t.deepEqual(texts, [
    {
      node: 'director',
      texts: {
        'keepalived-conf': 'virtual_server {}',
        'configured-by-ipvsadm': 'before\n',
        'configured-by-keepalived': 'after\n',
      },
    },
    {node: 'director', texts: {'keepalived-log': 'log\n'}},
  ]);
  t.deepEqual(events, []);
});

test('what is seen in the table is an event with its time', async t => {
  const {shellOf} = shells({'out of the table': [0, '17\n'], 'in the table': [0, '19\n']});
  const {events} = await performSteps([until(false), until(true)], shellOf);
  t.deepEqual(events, [
    {at: '17', node: 'director', edit: {kind: 'remove', server}},
    {at: '19', node: 'director', edit: {kind: 'add', server}},
  ]);
});

test('a change that does not come is no event, and what was never out is not put back', async t => {
  const {shellOf} = shells({'out of the table': [3, ''], 'in the table': [0, '19\n']});
  const {events} = await performSteps([until(false), until(true)], shellOf);
  t.deepEqual(events, []);
});

test('a server that is stopped is told with the times around it', async t => {
  const {shellOf} = shells({'stop the server': [0, '5\n8\n']});
  const step: PlanStep = {kind: 'serve', node: 'rs1', up: false, script: 'stop'};
  const {serving} = await performSteps([step], shellOf);
  t.deepEqual(serving, [{node: 'rs1', up: false, from: '5', to: '8'}]);
});

const expire: PlanStep = {kind: 'expire', node: 'director', seconds: 5};
test('that no entry is left is told with its time; when it does not come to that, nothing is', async t => {
  const gone = await performSteps([expire, expire], shells({'no entry': [0, '21\n']}).shellOf);
  t.deepEqual(gone.expiries, [
    {at: '21', node: 'director'},
    {at: '21', node: 'director'},
  ]);
  t.deepEqual((await performSteps([expire], shells({'no entry': [3, '']}).shellOf)).expiries, []);
});

test('timeouts that are not named are left', async t => {
  const {told, shellOf} = shells({});
  const set = (seconds: {finWait?: number; udp?: number}): PlanStep => ({
    kind: 'timeouts',
    node: 'director',
    ...seconds,
  });
  await performSteps([set({finWait: 1}), set({udp: 9})], shellOf);
  t.deepEqual(told, ['ipvsadm --set 0 1 0', 'ipvsadm --set 0 0 9']);
});

const breaks = test.macro(async (t, step: PlanStep, outputs: Parameters<typeof shells>[0]) => {
  const error = await t.throwsAsync(performSteps([step], shells(outputs).shellOf), {
    instanceOf: BrokenLabError,
  });
  t.regex(error?.message ?? '', /said/);
});
test('keepalived that sets nothing up breaks the lab', breaks, start, {'keepalived with': [3, '']});
test('a table that cannot be watched breaks the lab', breaks, until(true), {
  'in the table': [1, ''],
});
test('entries that cannot be watched break the lab', breaks, expire, {'no entry': [1, '']});
test(
  'timeouts that cannot be set break the lab',
  breaks,
  {kind: 'timeouts', node: 'director', tcp: 5},
  {'ipvsadm --set': [1, '']},
);
test(
  'a server that cannot be stopped breaks the lab',
  breaks,
  {kind: 'serve', node: 'rs1', up: false, script: 'stop'},
  {'stop the server': [1, '5\n']},
);
