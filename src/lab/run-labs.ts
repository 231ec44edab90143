import type {CounterResult, LabResult} from '../report/types.ts';
import type {Verdict} from '../verdict/types.ts';
import {causes} from '../verdict/causes.ts';
import {judgeComparison} from './compare.ts';
import {plansOfLab, type AnyPlan} from './any-plan.ts';
import type {PlanResult} from './run.ts';
import type {Comparison, LabFile} from './types.ts';

type Runnable = Exclude<LabFile, Comparison>;

/** Lab or counter-lab in a list of things to run, each independent of the others. */
export function plansOf(
  labs: readonly LabFile[],
  options: {readonly counters: boolean; readonly topologies: readonly string[]},
): AnyPlan[] {
  return labs.flatMap(lab => (lab.kind === 'comparison' ? [] : plansOfLab(lab, options)));
}

/** The labs that the comparisons among `labs` need and that are not among them. */
export const missingLabs = (labs: readonly LabFile[]): string[] => [
  ...new Set(
    labs
      .flatMap(lab => (lab.kind === 'comparison' ? lab.of : []))
      .filter(name => labs.every(lab => lab.name !== name)),
  ),
];

/** Puts the results of all plans together, a result a lab, in the order of the labs; comparisons are judged here. */
export function assemble(labs: readonly LabFile[], results: readonly PlanResult[]): LabResult[] {
  return labs.map(lab =>
    lab.kind === 'comparison'
      ? comparisonResult(lab, results)
      : labResult(
          lab,
          results.filter(({plan}) => plan.lab.name === lab.name),
        ),
  );
}

function labResult(lab: Runnable, results: readonly PlanResult[]): LabResult {
  const main = results.find(({plan}) => plan.counter === undefined);
  // A counter-lab that was skipped says nothing: its lab was skipped too, for the same reason.
  const counters = results.flatMap(result =>
    result.plan.counter === undefined || result.verdict === 'SKIP'
      ? []
      : [counterResult(result.plan.counter, result)],
  );
  return {
    name: lab.name,
    title: lab.title,
    verdict: main?.verdict ?? 'SKIP',
    claims: lab.claims.map(id => ({id, verdict: claimVerdict(id, lab, main, counters)})),
    judgement: main?.judgement,
    error: main?.error,
    counters,
    seconds: main?.seconds ?? 0,
    run: main?.run,
  };
}

/**
 * A claim holds when its checks passed and, where its counter-labs were run, each failed for its stated reason. One that
 * passed, or failed for another reason, speaks against the claim; one that is INCONCLUSIVE or broke says nothing. A claim that only counter-labs show, without them, is SKIP: nothing was seen of it.
 */
function claimVerdict(
  id: string,
  lab: Runnable,
  main: PlanResult | undefined,
  counters: readonly CounterResult[],
): Verdict {
  const broken = counters.filter(({claim}) => claim === id);
  if (main?.judgement === undefined) return main?.verdict ?? 'SKIP';
  const checked = main.judgement.claims.find(claim => claim.id === id)?.verdict;
  const missed = broken.filter(({asExpected}) => !asExpected).map(({verdict}) => verdict);
  if (missed.some(verdict => verdict === 'PASS' || verdict === 'FAIL')) return 'FAIL';
  if (missed[0] !== undefined) return missed[0];
  if (checked !== undefined) return checked;
  return lab.counter.some(({claim}) => claim === id) && broken.length === 0 ? 'SKIP' : main.verdict;
}

/** A counter-lab is as expected when it FAILs and the evidence shows the cause that the lab states. */
function counterResult(counter: Runnable['counter'][number], result: PlanResult): CounterResult {
  const {claim, when, cause} = counter;
  const found = result.judgement?.diagnoses ?? [];
  const asExpected = result.verdict === 'FAIL' && found.some(one => one.cause === cause);
  return {
    claim,
    when,
    verdict: result.verdict,
    asExpected,
    cause,
    reason: asExpected ? causes[cause] : unexpected(result, causes[cause]),
  };
}

function unexpected({verdict, judgement, error, run}: PlanResult, wanted: string): string {
  const found = judgement?.diagnoses.map(({text}) => text) ?? [];
  const why = error ?? [...(judgement?.reasons ?? []), ...found].join('; ');
  return `should have failed because ${wanted}, but: ${verdict}${why === '' ? '' : `: ${why}`}${run === undefined ? '' : ` (${run})`}`;
}

function comparisonResult(comparison: Comparison, results: readonly PlanResult[]): LabResult {
  const compared = results
    .filter(({plan}) => plan.counter === undefined && comparison.of.includes(plan.lab.name))
    .flatMap(({plan, verdict, judgement}) =>
      plan.kind !== 'lab'
        ? []
        : [
            {
              lab: plan.lab,
              verdict,
              measured: judgement?.measured,
              captures: judgement?.captures ?? {frames: 0, dropped: 0},
            },
          ],
    );
  const {verdict, reasons, checks} = judgeComparison(comparison, compared);
  const sum = (part: 'frames' | 'dropped'): number =>
    compared.reduce((total, {captures}) => total + captures[part], 0);
  const claims = comparison.claims.map(id => ({id, verdict}));
  return {
    name: comparison.name,
    title: comparison.title,
    verdict,
    claims,
    judgement: {
      verdict,
      checks,
      reasons,
      claims,
      diagnoses: [],
      captures: {frames: sum('frames'), dropped: sum('dropped')},
      measured: {nodes: {}},
    },
    counters: [],
    seconds: 0,
  };
}
