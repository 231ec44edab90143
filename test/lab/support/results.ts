import {planLab} from '../../../src/lab/plan.ts';
import type {PlanResult} from '../../../src/lab/run.ts';
import type {CounterLab, Lab} from '../../../src/lab/types.ts';
import type {Judgement, Verdict} from '../../../src/verdict/types.ts';
import type {Cause} from '../../../src/verdict/causes.ts';
import {causes} from '../../../src/verdict/causes.ts';

/** A judgement in which every claim of the lab's checks has the verdict. */
export const judgement = (lab: Lab, verdict: Verdict, found?: Cause): Judgement => ({
  verdict,
  checks: [],
  reasons: verdict === 'INCONCLUSIVE' ? ['a frame was dropped'] : [],
  claims: lab.claims.filter(claim => claim !== onlyByCounter).map(id => ({id, verdict})),
  diagnoses: found === undefined ? [] : [{cause: found, text: causes[found], evidence: []}],
  captures: {frames: 40, dropped: 0},
  measured: {nodes: {}},
});

/** A claim of the DR lab that these results' checks say nothing of. */
export const onlyByCounter = 'DR6';

const host = {kernel: '6.1.0-56', accelerator: 'tcg'};

/** What running a lab gave. */
export const labRan = (lab: Lab, verdict: Verdict = 'PASS'): PlanResult => ({
  plan: planLab(lab),
  verdict,
  judgement: verdict === 'ERROR' ? undefined : judgement(lab, verdict),
  error: verdict === 'ERROR' ? 'the guest did not boot' : undefined,
  run: '/runs/main',
  seconds: 7,
  host,
});

/** What running a counter-lab gave: by default it failed for its cause. */
export const counterRan = (
  lab: Lab,
  counter: CounterLab,
  verdict: Verdict = 'FAIL',
  found: Cause | undefined = counter.cause,
): PlanResult => ({
  ...labRan(lab, verdict),
  plan: planLab(lab, counter),
  judgement: verdict === 'ERROR' ? undefined : judgement(lab, verdict, found),
  run: '/runs/counter',
});

/** All counter-labs as they should be. */
export const countersRan = (lab: Lab): PlanResult[] =>
  lab.counter.map(counter => counterRan(lab, counter));
