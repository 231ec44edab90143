import type {Verdict} from '../verdict/types.ts';
import {wordDiagnosis} from './failure.ts';
import {escapeControls} from './style.ts';
import type {LabResult} from './types.ts';

/**
 * A lab's verdict with its counter-labs': one that passed, or failed for another reason, fails the lab; one that broke or
 * is inconclusive leaves a passing lab without a verdict.
 */
export function overallVerdict({verdict, counters}: LabResult): Verdict {
  const missed = counters.filter(({asExpected}) => !asExpected).map(one => one.verdict);
  if (missed.some(one => one === 'PASS' || one === 'FAIL')) return 'FAIL';
  return verdict === 'PASS' ? (missed[0] ?? verdict) : verdict;
}

/**
 * Why a lab did not pass, a line each: the error, why it was skipped or is inconclusive, each failed check with its first
 * failure, counter-labs that were not as expected. [] for one that passed with all its counter-labs.
 */
export function reasonsOf({judgement, error, counters}: LabResult): readonly string[] {
  const failed = judgement?.checks.filter(({verdict}) => verdict === 'FAIL') ?? [];
  return [
    ...(error === undefined ? [] : [error]),
    ...(judgement?.reasons ?? []),
    ...failed.map(({title, failures, omitted = 0}) => {
      const [first] = failures;
      const more = failures.length - 1 + omitted;
      const what =
        first === undefined
          ? ''
          : `: ${first.field} expected ${first.expected}, actual ${first.actual}`;
      return `${title}${what}${more > 0 ? `, and ${more} more` : ''}`;
    }),
    ...(judgement?.verdict === 'FAIL' ? judgement.diagnoses.map(wordDiagnosis) : []),
    ...counters
      .filter(({asExpected}) => !asExpected)
      .map(({claim, reason}) => `counter-lab ${claim}: ${reason}`),
  ];
}

/** The reasons on one line, safe for a terminal; '' for a lab that passed. */
export const wordReasons = (lab: LabResult): string =>
  reasonsOf(lab)
    .map(reason => reason.split('\n').map(escapeControls).join(' | '))
    .join('; ');
