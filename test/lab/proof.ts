import {claimIds} from '../../src/lab/claims.ts';
import {http} from '../../src/lab/define.ts';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {claimRows, recordProofs} from '../../src/lab/proof.ts';
import {assemble} from '../../src/lab/run-labs.ts';
import type {PlanResult} from '../../src/lab/run.ts';
import type {Comparison, Lab} from '../../src/lab/types.ts';
import type {LabResult} from '../../src/report/types.ts';
import {ownTopologies} from '../../src/topology/load.ts';
import {ownComparison, ownLab, ownModes} from './support/own-lab.ts';
import {counterRan, countersRan, labRan} from './support/results.ts';

const dr = await ownLab('modes/dr');
const state = mkdtempSync(join(tmpdir(), 'lvslab-test-'));
process.env['LVSLAB_STATE'] = join(state, 'made', 'when', 'needed');
test.beforeEach(() => rmSync(join(state, 'made'), {recursive: true, force: true}));
test.after.always(() => rmSync(state, {recursive: true}));

function record(labs: readonly (Lab | Comparison)[], results: readonly PlanResult[]): void {
  const all = assemble(labs, results);
  recordProofs(labs.flatMap((lab, i) => (all[i] === undefined ? [] : [{lab, result: all[i]}])));
}
const proven = (labs: readonly (Lab | Comparison)[]): readonly string[] =>
  claimRows(labs)
    .filter(row => row.proven)
    .map(({id}) => id);
const whole = [labRan(dr), ...countersRan(dr)];

test.serial('nothing is proven before a run', t => {
  t.is(claimRows([dr]).length, claimIds.length);
  t.deepEqual(proven([dr]), []);
});

test.serial('a lab that passes with its counter-labs proves its claims', t => {
  record([dr], whole);
  t.deepEqual(proven([dr]), [...dr.claims]);
  t.deepEqual(
    readdirSync(process.env['LVSLAB_STATE'] ?? ''),
    ['proofs.json'],
    'no half file stays',
  );
});

test.serial('without counter-labs only the claims are proven that have none', t => {
  record([dr], [labRan(dr)]);
  t.deepEqual(proven([dr]), ['DR1', 'DR2', 'DR5', 'DR7']);
});

test.serial('a run without counter-labs does not take away what one with them proved', t => {
  record([dr], whole);
  record([dr], [labRan(dr)]);
  t.deepEqual(proven([dr]), [...dr.claims]);
});

const lost = test.macro((t, results: readonly PlanResult[], expected: readonly string[]) => {
  record([dr], whole);
  record([dr], results);
  t.deepEqual(proven([dr]), expected);
});
test.serial(
  'a lab that fails loses all its proofs',
  lost,
  [labRan(dr, 'FAIL'), ...countersRan(dr)],
  [],
);
test.serial(
  'a counter-lab that is not as expected loses the proof of its claim',
  lost,
  [
    labRan(dr),
    ...dr.counter.map(one => counterRan(dr, one, one.claim === 'DR4' ? 'PASS' : 'FAIL')),
  ],
  dr.claims.filter(claim => claim !== 'DR4'),
);
test.serial(
  'an inconclusive run proves nothing, and disproves nothing',
  lost,
  [labRan(dr, 'INCONCLUSIVE')],
  [...dr.claims],
);
test.serial('a run that broke disproves nothing', lost, [labRan(dr, 'ERROR')], [...dr.claims]);

for (const verdict of ['FAIL', 'INCONCLUSIVE', 'ERROR'] as const)
  test.serial(`a run that is ${verdict} proves nothing`, t => {
    record([dr], [labRan(dr, verdict), ...countersRan(dr)]);
    t.deepEqual(proven([dr]), []);
  });

/** The result of the whole run, changed. */
function recordChanged(change: (result: LabResult) => LabResult): void {
  const [result] = assemble([dr], whole);
  if (result !== undefined) recordProofs([{lab: dr, result: change(result)}]);
}

test.serial('a claim that passed in a lab that did not is not proven', t => {
  recordChanged(result => ({...result, verdict: 'FAIL'}));
  t.deepEqual(proven([dr]), []);
  recordChanged(result => result);
  t.deepEqual(proven([dr]), [...dr.claims]);
});

test.serial(
  'a claim with a counter-lab that is not as expected is not proven, whatever it says',
  t => {
    recordChanged(result => ({
      ...result,
      counters: result.counters.map(one => ({...one, asExpected: one.claim !== 'DR3'})),
    }));
    t.deepEqual(
      proven([dr]),
      dr.claims.filter(claim => claim !== 'DR3'),
    );
  },
);

const changes: readonly (readonly [string, Lab])[] = [
  ['its path', {...dr, expect: {...dr.expect, request: dr.expect.request.slice(1)}}],
  ['its traffic', {...dr, traffic: http({from: 'client', to: 'VIP', requests: 5})}],
  ['a counter-lab', {...dr, counter: dr.counter.slice(1)}],
  ['its topology', {...dr, topology: 'one-lan'}],
];
for (const [what, changed] of changes)
  test.serial(`proofs are lost when the lab changes: ${what}`, t => {
    record([dr], whole);
    t.deepEqual(proven([changed]), []);
    t.deepEqual(proven([dr]), [...dr.claims]);
  });

test.serial('the same lab in another place keeps its proofs', t => {
  record([dr], whole);
  t.deepEqual(proven([{...dr, file: '/elsewhere/dr.ts'}]), [...dr.claims]);
});

test.serial("proofs are lost when a topology's file changes, a counter-lab's too", t => {
  for (const name of ['routed-lan', 'remote-real-servers']) {
    const folder = join(state, name);
    mkdirSync(folder);
    const text = readFileSync(join(ownTopologies, `${name}.yaml`), 'utf8');
    writeFileSync(join(folder, `${name}.yaml`), text);
    record([dr], whole);
    const rows = (): number => claimRows([dr], [folder]).filter(row => row.proven).length;
    t.is(rows(), dr.claims.length);
    writeFileSync(
      join(folder, `${name}.yaml`),
      text.replace(/^description: .*$/m, 'description: other'),
    );
    t.is(rows(), 0);
  }
});

test.serial(
  'a comparison is proven with the labs that it compares, and lost when one changes',
  async t => {
    const comparison = await ownComparison();
    const modes = await Promise.all(ownModes.map(ownLab));
    const bytes = {requestIn: 1, requestOut: 1, replyIn: 2, replyOut: 2};
    const results = modes.map(lab => {
      const ran = labRan(lab);
      const replies = ['masq', 'fullnat'].includes(lab.realServers[0]?.forward ?? '') ? 2 : 0;
      const director = {...bytes, replyIn: replies, replyOut: replies};
      return ran.judgement === undefined
        ? ran
        : {...ran, judgement: {...ran.judgement, measured: {nodes: {client: bytes, director}}}};
    });
    record([comparison, ...modes], results);
    t.true(proven([comparison, ...modes]).includes('C1'));
    const other = modes.map(lab => (lab.name === 'modes/tun' ? {...lab, title: 'another'} : lab));
    t.false(proven([comparison, ...other]).includes('C1'));
  },
);

const damaged = test.macro((t, text: string) => {
  record([dr], whole);
  writeFileSync(join(process.env['LVSLAB_STATE'] ?? '', 'proofs.json'), text);
  t.deepEqual(proven([dr]), []);
  record([dr], whole);
  t.deepEqual(proven([dr]), [...dr.claims]);
});
test.serial('a damaged file of proofs proves nothing, and is written anew', damaged, '{"DR1');
test.serial('a file of another form proves nothing', damaged, '{"DR1 modes/dr": true}');

test('the rows name the labs and counter-labs of each claim', async t => {
  const rows = claimRows([dr, await ownComparison(), await ownLab('modes/nat')]);
  const row = (id: string) => rows.find(one => one.id === id);
  t.deepEqual(row('NAT6')?.labs, ['modes/compare', 'modes/nat']);
  t.deepEqual(row('DR4')?.counters, ['modes/dr: the real servers do not suppress ARP for the VIP']);
  t.deepEqual(row('TUN1')?.labs, []);
});
