import test from 'ava';
import {assemble, missingLabs, plansOf} from '../../src/lab/run-labs.ts';
import type {PlanResult} from '../../src/lab/run.ts';
import type {Verdict} from '../../src/verdict/types.ts';
import type {Cause} from '../../src/verdict/causes.ts';
import {ownComparison, ownLab, ownModes} from './support/own-lab.ts';
import {counterRan, countersRan, labRan, onlyByCounter} from './support/results.ts';

const dr = await ownLab('modes/dr');
const comparison = await ownComparison();

test('labs are planned with their counter-labs when those are asked for', t => {
  const titles = (counters: boolean): string[] =>
    plansOf([dr, comparison], {counters, topologies: []}).map(({title}) => title);
  t.deepEqual(titles(false), ['modes/dr']);
  t.deepEqual(titles(true), ['modes/dr', 'modes/dr DR3', 'modes/dr DR4', 'modes/dr DR6']);
});

test('a comparison needs the labs that are not there', t => {
  t.deepEqual(missingLabs([comparison]), [...ownModes]);
  t.deepEqual(missingLabs([dr, comparison, comparison]), [
    'modes/nat',
    'modes/tun',
    'modes/fullnat',
  ]);
  t.deepEqual(missingLabs([dr]), []);
});

/** The verdict of a claim of the DR lab, when its runs gave these results. */
const claimOf = (results: readonly PlanResult[], id: string): Verdict | undefined =>
  assemble([dr], results)[0]?.claims.find(claim => claim.id === id)?.verdict;

const claims = test.macro(
  (t, results: readonly PlanResult[], expected: Readonly<Record<string, Verdict>>) => {
    t.deepEqual(
      assemble([dr], results)[0]?.claims.map(({id}) => id),
      [...dr.claims],
    );
    for (const [id, verdict] of Object.entries(expected)) t.is(claimOf(results, id), verdict, id);
  },
);
const whole = [labRan(dr), ...countersRan(dr)];
test('with all counter-labs as expected every claim passes', claims, whole, {
  DR1: 'PASS',
  DR4: 'PASS',
  [onlyByCounter]: 'PASS',
});
test('without counter-labs a claim that only they show is skipped', claims, [labRan(dr)], {
  DR1: 'PASS',
  DR4: 'PASS',
  [onlyByCounter]: 'SKIP',
});
test('a lab that fails fails its claims', claims, [labRan(dr, 'FAIL'), ...countersRan(dr)], {
  DR1: 'FAIL',
  [onlyByCounter]: 'FAIL',
});
test(
  'a lab that broke says nothing of its claims',
  claims,
  [labRan(dr, 'ERROR'), ...countersRan(dr)],
  {
    DR1: 'ERROR',
    DR4: 'ERROR',
    [onlyByCounter]: 'ERROR',
  },
);
test('an inconclusive lab leaves its claims so', claims, [labRan(dr, 'INCONCLUSIVE')], {
  DR1: 'INCONCLUSIVE',
  [onlyByCounter]: 'SKIP',
});
test('a lab that was not run skips its claims', claims, [], {DR1: 'SKIP', [onlyByCounter]: 'SKIP'});

/** The DR lab with one counter-lab whose run gave this. */
const withCounter = (claim: string, verdict: Verdict, found: Cause | undefined): PlanResult[] => [
  labRan(dr),
  ...dr.counter.map(counter =>
    counter.claim === claim
      ? {
          ...counterRan(dr, counter, verdict),
          ...(verdict === 'ERROR' ? {} : judged(counter.claim, verdict, found)),
        }
      : counterRan(dr, counter),
  ),
];
function judged(claim: string, verdict: Verdict, found: Cause | undefined): Partial<PlanResult> {
  const counter = dr.counter.find(one => one.claim === claim);
  const ran = counter === undefined ? undefined : counterRan(dr, counter, verdict).judgement;
  if (ran === undefined) return {};
  const {diagnoses} = ran;
  return {
    judgement: {
      ...ran,
      diagnoses:
        found === undefined ? [] : diagnoses.map(one => ({...one, cause: found, text: found})),
    },
  };
}

const unexpected = test.macro((t, verdict: Verdict, found: Cause | undefined, reason: RegExp) => {
  const results = withCounter('DR4', verdict, found);
  const counter = assemble([dr], results)[0]?.counters.find(one => one.claim === 'DR4');
  t.is(counter?.verdict, verdict);
  t.false(counter?.asExpected);
  t.regex(counter?.reason ?? '', /^should have failed because a real server answers ARP/);
  t.regex(counter?.reason ?? '', reason);
  // One that broke, or is inconclusive, says nothing about the claim.
  t.is(claimOf(results, 'DR4'), verdict === 'PASS' ? 'FAIL' : verdict);
  t.is(claimOf(results, 'DR1'), 'PASS');
  t.is(assemble([dr], results)[0]?.verdict, 'PASS', 'the lab itself passed');
});
test(
  'a counter-lab that passes makes its claim fail',
  unexpected,
  'PASS',
  undefined,
  /but: PASS \(\/runs\/counter\)$/,
);
test(
  'a counter-lab that fails for another cause makes its claim fail',
  unexpected,
  'FAIL',
  'vip-missing',
  /but: FAIL: vip-missing \(/,
);
test(
  'a counter-lab that fails without a known cause makes its claim fail',
  unexpected,
  'FAIL',
  undefined,
  /but: FAIL \(/,
);
test(
  'an inconclusive counter-lab is not as expected, even with its cause',
  unexpected,
  'INCONCLUSIVE',
  'real-server-answers-arp',
  /but: INCONCLUSIVE: a frame was dropped/,
);
test(
  'a counter-lab that broke is not as expected, and says why',
  unexpected,
  'ERROR',
  undefined,
  /but: ERROR: the guest did not boot/,
);

test('a counter-lab that fails for its cause says what was found', t => {
  const [lab] = assemble([dr], whole);
  t.deepEqual(
    lab?.counters.map(({claim, asExpected, verdict, cause}) => ({
      claim,
      asExpected,
      verdict,
      cause,
    })),
    dr.counter.map(({claim, cause}) => ({claim, asExpected: true, verdict: 'FAIL', cause})),
  );
  t.regex(lab?.counters[0]?.reason ?? '', /^droute cannot cross a router/);
});

test('one of two counter-labs of a claim that is not as expected makes the claim fail', async t => {
  const tun = await ownLab('modes/tun');
  const [first, second] = tun.counter;
  if (first === undefined || second === undefined) return t.fail();
  t.is(first.claim, second.claim);
  const verdict = (results: PlanResult[]): Verdict | undefined =>
    assemble([tun], results)[0]?.claims.find(({id}) => id === first.claim)?.verdict;
  t.is(verdict([labRan(tun), ...countersRan(tun)]), 'PASS');
  t.is(verdict([labRan(tun), counterRan(tun, first), counterRan(tun, second, 'PASS')]), 'FAIL');
});

test('results come in the order of the labs, comparisons included, whatever ended first', async t => {
  const modes = await Promise.all(ownModes.map(ownLab));
  const results = assemble(
    [comparison, ...modes],
    modes.toReversed().map(lab => labRan(lab)),
  );
  t.deepEqual(
    results.map(({name}) => name),
    ['modes/compare', ...ownModes],
  );
  t.true(results.slice(1).every(({run, seconds}) => run === '/runs/main' && seconds === 7));
});

test('a comparison is judged from the labs alone, not from their counter-labs', async t => {
  const modes = await Promise.all(ownModes.map(ownLab));
  const bytes = {requestIn: 10, requestOut: 10, replyIn: 20, replyOut: 20};
  const measured = (lab: (typeof modes)[number]): PlanResult => {
    const ran = labRan(lab);
    const replies = ['masq', 'fullnat'].includes(lab.realServers[0]?.forward ?? '') ? 20 : 0;
    const director = {...bytes, replyIn: replies, replyOut: replies};
    return ran.judgement === undefined
      ? ran
      : {...ran, judgement: {...ran.judgement, measured: {nodes: {client: bytes, director}}}};
  };
  const counters = modes.flatMap(countersRan);
  const [result] = assemble([comparison], [...counters, ...modes.map(measured)]);
  t.is(result?.verdict, 'PASS');
  t.deepEqual(result?.claims, [
    {id: 'C1', verdict: 'PASS'},
    {id: 'NAT6', verdict: 'PASS'},
  ]);
  t.deepEqual(result?.judgement?.captures, {frames: 160, dropped: 0});
  const [broken] = assemble([comparison], [...counters, ...modes.slice(1).map(measured)]);
  t.is(broken?.verdict, 'INCONCLUSIVE');
  t.deepEqual(broken?.judgement?.reasons, ['modes/nat did not pass: not run']);
});

test('a lab that was skipped says why, its claims are skipped, and its counter-labs are no failures', t => {
  const skip = (result: PlanResult): PlanResult => ({
    ...result,
    verdict: 'SKIP',
    judgement: undefined,
    error: 'kernel 6.1 has no IPVS (CONFIG_IP_VS, module ip_vs)',
    run: undefined,
  });
  const [lab] = assemble([dr], [labRan(dr), ...countersRan(dr)].map(skip));
  t.is(lab?.verdict, 'SKIP');
  t.is(lab?.error, 'kernel 6.1 has no IPVS (CONFIG_IP_VS, module ip_vs)');
  t.deepEqual(lab?.counters, []);
  t.true(lab?.claims.every(({verdict}) => verdict === 'SKIP'));
});
