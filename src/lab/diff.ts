import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {version} from '../own/version.ts';
import {InputError} from '../problem.ts';
import type {DiffReport, LabDiff} from '../report/diff.ts';
import {wordReasons} from '../report/reason.ts';
import type {LabResult} from '../report/types.ts';
import {compareBehaviour} from '../verdict/behaviour.ts';
import {observeExchange} from '../verdict/exchange/observe.ts';
import {observe} from '../verdict/normalise.ts';
import {judgeFolder, readCaptures, type JudgedRun} from './judge.ts';
import {runMatrix, type MatrixOptions} from './matrix.ts';

/** Whether the words are run folders and not labs. */
export const areRuns = (words: readonly string[]): boolean =>
  words.some(word => existsSync(join(word, 'run.json')));

/** Compares two saved runs of one lab; needs no Docker. Throws InputError for folders that are none, or of two labs. */
export function diffRuns(words: readonly string[]): DiffReport {
  const [a, b, ...more] = words;
  if (a === undefined || b === undefined || more.length > 0)
    throw new InputError({
      what: 'two runs can be compared, no fewer and no more',
      value: words.join(' '),
      next: 'lvslab diff RUN-A RUN-B',
    });
  const [left, right] = [judgeFolder(a), judgeFolder(b)];
  const names = [left, right].map(({run}) => run.record.lab);
  if (names[0] !== names[1])
    throw new InputError({
      what: 'the runs are of different labs',
      value: names.join(', '),
      next: 'compare runs of one lab',
    });
  return {
    lvslab: version,
    sides: [
      {wanted: a, release: left.run.record.kernel},
      {wanted: b, release: right.run.record.kernel},
    ],
    labs: [diffJudged(left, right)],
  };
}

/** Runs labs on two kernels and compares how they behaved. Throws InputError as runMatrix, and unless there are two kernels. */
export async function diffKernels(
  words: readonly string[],
  options: Omit<MatrixOptions, 'counters'>,
): Promise<DiffReport> {
  const {kernels} = options;
  if (kernels.length !== 2)
    throw new InputError({
      what: 'two kernels can be compared, no fewer and no more',
      where: '--kernel',
      value: kernels.join(', '),
      next: 'lvslab diff LAB --kernel 6.1 --kernel 7.3, or lvslab diff RUN-A RUN-B for saved runs',
    });
  const matrix = await runMatrix(words, {...options, counters: false});
  const [left, right] = matrix.kernels;
  if (left === undefined || right === undefined) throw new Error('a matrix without its columns');
  const side = ({wanted, report}: typeof left) => ({wanted, release: report?.kernel ?? null});
  // What compares labs has no packets of its own.
  const ran = (lab: LabResult): boolean =>
    [left, right].every(({results}) => results.length === 0) ||
    [left, right].some(({results}) => results.some(({plan}) => plan.lab.name === lab.name));
  return {
    lvslab: version,
    sides: [side(left), side(right)],
    labs: left.labs.flatMap((lab, i) => {
      const other = right.labs[i];
      return other === undefined || !ran(lab) ? [] : [diffResults(lab, other)];
    }),
  };
}

function diffResults(a: LabResult, b: LabResult): LabDiff {
  const lab = {
    name: a.name,
    verdicts: [a.verdict, b.verdict],
    runs: [a.run, b.run],
  } as const;
  const skipped = [a, b].filter(({verdict}) => verdict === 'SKIP');
  if (skipped.length === 2)
    return {...lab, reason: `skipped on both: ${wordReasons(a)}`, differences: []};
  const unsure = [a, b].find(({verdict}) => verdict === 'ERROR' || verdict === 'INCONCLUSIVE');
  if (unsure !== undefined)
    return {...lab, reason: `${unsure.verdict}: ${wordReasons(unsure)}`, differences: []};
  if (a.run === undefined || b.run === undefined) {
    const said = (one: LabResult): string => [one.verdict, wordReasons(one)].join(' ').trim();
    const difference = {of: ['lab'], what: 'verdict', a: said(a), b: said(b)};
    return {...lab, reason: undefined, differences: [difference]};
  }
  return diffJudged(judgeFolder(a.run), judgeFolder(b.run));
}

function diffJudged(a: JudgedRun, b: JudgedRun): LabDiff {
  const both = [a, b] as const;
  const unsure = both.find(({judgement}) => judgement.verdict === 'INCONCLUSIVE')?.judgement;
  return {
    name: a.run.record.lab,
    verdicts: [a.judgement.verdict, b.judgement.verdict],
    runs: [a.run.path, b.run.path],
    reason: unsure === undefined ? undefined : `INCONCLUSIVE: ${unsure.reasons.join('; ')}`,
    differences: unsure === undefined ? compareBehaviour(observationsOf(a), observationsOf(b)) : [],
  };
}

const observationsOf = ({run, lab: {expectation}, judgement}: JudgedRun) =>
  'kind' in expectation
    ? observeExchange(run, readCaptures(run), expectation, judgement)
    : observe(run, readCaptures(run), expectation, judgement);

/** The exit code's verdicts of a comparison: different FAIL, not comparable INCONCLUSIVE, skipped on both SKIP. */
export const verdictsOf = ({labs}: DiffReport): ('PASS' | 'FAIL' | 'INCONCLUSIVE' | 'SKIP')[] =>
  labs.map(({differences, reason, verdicts}) => {
    if (differences.length > 0) return 'FAIL';
    if (reason === undefined) return 'PASS';
    return verdicts.every(verdict => verdict === 'SKIP') ? 'SKIP' : 'INCONCLUSIVE';
  });
