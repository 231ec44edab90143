import {join} from 'node:path';
import test from 'ava';
import {areRuns, diffRuns, verdictsOf} from '../../src/lab/diff.ts';
import {InputError} from '../../src/problem.ts';
import type {LabDiff} from '../../src/report/diff.ts';
import {goodRun} from '../support/good-run.ts';
import {saveRun} from './support/saved-run.ts';
import {temporary} from './support/temporary.ts';

test('two saved runs that behaved the same', async t => {
  const folder = temporary(t);
  const [a, b] = [await saveRun(goodRun('nat'), folder), await saveRun(goodRun('nat'), folder)];
  t.true(areRuns([a, b]));
  const report = diffRuns([a, b]);
  t.like(report.sides[0], {wanted: a, release: '6.1.0'});
  t.like(report.labs[0], {name: 'modes/nat', verdicts: ['PASS', 'PASS'], reason: undefined});
  t.deepEqual(report.labs[0]?.differences, []);
  t.deepEqual(verdictsOf(report), ['PASS']);
});

test('two saved runs that behaved differently', async t => {
  const folder = temporary(t);
  const other = goodRun('nat');
  other.append('director', 'sysctl', 'net.ipv4.vs.conn_max = 0\n');
  const report = diffRuns([await saveRun(goodRun('nat'), folder), await saveRun(other, folder)]);
  t.deepEqual(report.labs[0]?.differences, [
    {of: ['director'], what: 'net.ipv4.vs.conn_max', a: undefined, b: '0'},
  ]);
  t.deepEqual(verdictsOf(report), ['FAIL']);
});

test('an inconclusive run cannot be compared', async t => {
  const folder = temporary(t);
  const lossy = goodRun('nat');
  lossy.record('rs1 eth0').droppedByKernel = 3;
  const report = diffRuns([await saveRun(lossy, folder), await saveRun(goodRun('nat'), folder)]);
  t.regex(report.labs[0]?.reason ?? '', /^INCONCLUSIVE: rs1 eth0: 3 packets dropped/);
  t.deepEqual(report.labs[0]?.differences, []);
  t.deepEqual(verdictsOf(report), ['INCONCLUSIVE']);
});

test('runs of two labs, one run and three are input errors', async t => {
  const folder = temporary(t);
  const [a, b] = [await saveRun(goodRun('nat'), folder), await saveRun(goodRun('dr'), folder)];
  t.throws(() => diffRuns([a, b]), {instanceOf: InputError, message: /of different labs/});
  for (const words of [[a], [a, a, a]])
    t.throws(() => diffRuns(words), {instanceOf: InputError, message: /two runs can be compared/});
  t.throws(() => diffRuns([a, join(folder, 'none')]), {instanceOf: InputError});
});

test('names of labs are no runs', t => {
  t.false(areRuns(['modes/nat', 'modes']));
});

test('a lab that was skipped on both kernels is skipped', t => {
  const lab: LabDiff = {
    name: 'x',
    verdicts: ['SKIP', 'SKIP'],
    runs: [undefined, undefined],
    reason: 'skipped on both',
    differences: [],
  };
  const sides = [
    {wanted: 'a', release: 'a'},
    {wanted: 'b', release: 'b'},
  ] as const;
  t.deepEqual(
    verdictsOf({lvslab: '0', sides, labs: [lab, {...lab, verdicts: ['SKIP', 'ERROR']}]}),
    ['SKIP', 'INCONCLUSIVE'],
  );
});
