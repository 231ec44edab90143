import type {Check, Verdict} from '../verdict/types.ts';
import {wordCheck} from './failure.ts';
import {overallVerdict, reasonsOf} from './reason.ts';
import type {LabResult} from './types.ts';

/** One line of what CI systems show of a lab: a check, a claim or a counter-lab. */
export interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  /** Why it did not pass, '' otherwise: a line for the overview, and all of it. */
  readonly message: string;
  readonly text: string;
}

/** A lab as its checks, its claims and its counter-labs, in this order; none for a lab that was not judged. */
export const casesOf = (lab: LabResult): readonly Case[] =>
  lab.judgement === undefined
    ? []
    : [
        ...lab.judgement.checks.map((check, i) => checkCase(lab, check, i)),
        ...lab.claims.map(({id, verdict}) => claimCase(lab, id, verdict)),
        ...lab.counters.map(({claim, when, asExpected, reason}) => ({
          name: `counter-lab ${claim}: ${when}`,
          verdict: asExpected ? ('PASS' as const) : ('FAIL' as const),
          message: asExpected ? '' : reason,
          text: asExpected ? '' : reason,
        })),
      ];

/** The lab itself: its verdict with its counter-labs', and why. */
export function labCase(lab: LabResult): Case {
  const reasons = reasonsOf(lab);
  const [first = ''] = reasons;
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  return {
    name: lab.name,
    verdict: overallVerdict(lab),
    message: `${first.split('\n')[0]}${more}`,
    text: reasons.join('\n'),
  };
}

function checkCase({name, judgement}: LabResult, check: Check, index: number): Case {
  const isFirst = judgement?.checks.findIndex(({verdict}) => verdict === 'FAIL') === index;
  const [failure] = check.failures;
  const said =
    failure === undefined
      ? (judgement?.reasons.join('; ') ?? '')
      : `${failure.field}: expected ${failure.expected}, actual ${failure.actual}`;
  const failed = check.verdict !== 'PASS';
  return {
    // A failed check may name the real server in its title: the id is what stays the same from run to run.
    name: `${check.id}: ${check.title}`,
    verdict: check.verdict,
    message: failed ? said : '',
    text: failed ? wordCheck(check, name, isFirst ? judgement.diagnoses : []) : '',
  };
}

function claimCase({judgement, counters}: LabResult, id: string, verdict: Verdict): Case {
  const checks = (judgement?.checks ?? [])
    .filter(check => check.proves.includes(id) && check.verdict !== 'PASS')
    .map(({title}) => title);
  const broken = counters
    .filter(({claim, asExpected}) => claim === id && !asExpected)
    .map(({when}) => `counter-lab: ${when}`);
  const why = [...checks, ...broken].join('; ');
  const unseen = 'only its counter-labs show it, and they were not run';
  const message = verdict === 'PASS' ? '' : verdict === 'SKIP' ? why || unseen : why;
  return {name: `claim ${id}`, verdict, message, text: message};
}
