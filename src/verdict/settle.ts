import type {RunFolder} from '../run-folder/types.ts';
import type {InterfaceCapture, Trace} from '../trace/types.ts';
import {CheckDraft} from './checks.ts';
import type {Doubts} from './gate.ts';
import {measure} from './measure.ts';
import type {Check, Diagnosis, Judgement, Verdict} from './types.ts';

/** What was judged. */
interface Judged {
  readonly run: RunFolder;
  readonly captures: readonly InterfaceCapture[];
  readonly trace: Trace;
}

/**
 * The verdict from the checks and the doubts: FAIL when a check failed on complete captures, or when the kernel is in
 * trouble; INCONCLUSIVE when a frame is or may be missing. `diagnose` is asked for causes when something failed.
 */
export function settle(
  {run, captures, trace}: Judged,
  checks: readonly Check[],
  {lossy, unproven}: Doubts,
  diagnose: () => readonly Diagnosis[],
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
    measured: measure(trace),
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
