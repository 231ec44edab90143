import type {RunFolder} from '../run-folder/types.ts';
import type {InterfaceCapture} from '../trace/types.ts';
import {CheckDraft} from './checks.ts';
import type {Doubts} from './gate.ts';
import type {Check, Diagnosis, Judgement, Measured, Verdict} from './types.ts';

/** What a judge found, before it is known what the captures are worth. */
export interface Findings {
  readonly checks: readonly Check[];
  readonly doubts: Doubts;
  readonly measured: Measured;
  /** Asked only when a check failed. */
  readonly diagnose: () => readonly Diagnosis[];
}

/**
 * The judgement of what was found. FAIL when a check fails on complete captures, or when the kernel is in trouble; INCONCLUSIVE
 * when a frame is or may be missing; PASS only when everything was seen and everything was as expected.
 */
export function conclude(
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  {checks, doubts: {lossy, unproven}, measured, diagnose}: Findings,
): Judgement {
  const kernel = checkKernel(run);
  const failed = [...checks, kernel].some(isFailed);
  const inconclusive = lossy.length > 0 || (unproven.length > 0 && !failed);
  const settled = [
    kernel,
    ...checks.map(check => (inconclusive ? {...check, verdict: 'INCONCLUSIVE' as const} : check)),
  ];
  return {
    verdict: isFailed(kernel) ? 'FAIL' : inconclusive ? 'INCONCLUSIVE' : failed ? 'FAIL' : 'PASS',
    checks: settled,
    reasons: inconclusive ? [...lossy, ...unproven] : [],
    claims: claimVerdicts(settled),
    diagnoses: failed ? diagnose() : [],
    captures: {
      frames: captures.reduce((sum, {frames}) => sum + frames.length, 0),
      dropped: run.record.captures.reduce(
        (sum, {droppedByKernel, droppedByInterface}) => sum + droppedByKernel + droppedByInterface,
        0,
      ),
    },
    measured,
  };
}

/** A kernel that warned or crashed is a finding of its own, whatever the captures are worth. */
function checkKernel({record}: RunFolder): Check {
  const draft = new CheckDraft('kernel', 'no oops, warning or hung task in the kernel log');
  draft.judge();
  for (const line of record.kernelTrouble)
    draft.fail({
      field: 'kernel log',
      expected: 'no trouble',
      actual: line,
      place: `kernel ${record.kernel}`,
    });
  return draft.done();
}

const isFailed = ({verdict}: Check): boolean => verdict === 'FAIL';

/** Each claim that a check proves: it fails with any of its checks, and passes only with all of them. */
function claimVerdicts(checks: readonly Check[]): Judgement['claims'] {
  const verdicts = new Map<string, Verdict>();
  const worst: readonly Verdict[] = ['PASS', 'INCONCLUSIVE', 'FAIL'];
  for (const {proves, verdict} of checks)
    for (const id of proves) {
      const before = verdicts.get(id) ?? 'PASS';
      verdicts.set(id, worst.indexOf(verdict) > worst.indexOf(before) ? verdict : before);
    }
  return [...verdicts].map(([id, verdict]) => ({id, verdict}));
}
