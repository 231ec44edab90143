import type {RunFolder} from '../run-folder/types.ts';
import {traceRun} from '../trace/run.ts';
import type {InterfaceCapture, Trace} from '../trace/types.ts';
import {findAltered} from './altered.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {checkConnections} from './connection-checks.ts';
import {findConnections} from './connections.ts';
import {diagnose} from './diagnose.ts';
import {checkExpiry} from './expiry.ts';
import {checkFacts} from './facts.ts';
import {findDoubts} from './gate.ts';
import {checkHealth} from './health.ts';
import {checkFtp} from './ftp-checks.ts';
import {findData} from './ftp-data.ts';
import {addressOf, completeHops, type Direction, type Hop} from './hops.ts';
import {measure} from './measure.ts';
import {namesOf} from './names.ts';
import {checkNever} from './never.ts';
import {checkOnce} from './once.ts';
import {checkOrder} from './order.ts';
import {checkPaths} from './path-checks.ts';
import {findProbes} from './probes.ts';
import {checkRecords} from './records.ts';
import {checkSame} from './same.ts';
import {checkSchedule} from './schedule.ts';
import {traceOptions} from './trace-options.ts';
import type {Check, Expectation, HopExpectation, Judgement, Verdict} from './types.ts';
import {checkUnwrapped} from './unwrapped.ts';

/**
 * Judges a run by its captures. Pure: reads nothing but what it is given and `run.text`.
 * FAIL when a check fails on complete captures, or when the kernel is in trouble; INCONCLUSIVE when a frame is or may be
 * missing; PASS only when everything was seen and everything was as expected. `trace` saves tracing the captures again.
 * @throws {InputError} for names in the expectation that neither it nor the topology knows.
 */
export function judge(
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  expectation: Expectation,
  trace: Trace = traceRun(run.topology, captures, traceOptions(expectation)),
): Judgement {
  const judged = open(run, expectation, trace);
  const checks = [
    ...checkPaths(judged, 'request'),
    ...checkPaths(judged, 'reply'),
    ...checkConnections(judged),
    checkOnce(judged),
    checkOrder(judged),
    ...checkUnwrapped(judged),
    ...(expectation.schedule === undefined ? [] : [checkSchedule(judged, expectation.schedule)]),
    ...checkExpiry(judged),
    ...checkFtp(judged),
    ...checkHealth(judged),
    ...(expectation.same === undefined ? [] : [checkSame(judged, expectation.same)]),
    ...checkNever(judged),
    ...checkRecords(judged),
    ...checkFacts(judged),
  ];
  const kernel = checkKernel(run);
  const {lossy, unproven} = findDoubts(judged, captures);
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
    diagnoses: failed ? diagnose(judged) : [],
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

function open(run: RunFolder, expectation: Expectation, trace: Trace): Case {
  const names = namesOf(run.topology, expectation);
  const virtual = addressOf(expectation.virtual.address, 'virtual service', names);
  const {connections, strays} = findConnections(trace, run.topology, expectation, virtual);
  const {health, ftp} = expectation;
  const probes = health === undefined ? [] : findProbes(run.topology, expectation, strays, health);
  const data = ftp === undefined ? [] : findData(connections, strays, virtual, ftp);
  const known = new Set([...probes, ...data].map(({flow}) => flow));
  const hops = (direction: Direction, expected: readonly HopExpectation[]): readonly Hop[] =>
    completeHops(direction, expected, run.topology, names);
  return {
    run,
    expectation,
    trace,
    names,
    virtual,
    request: hops('request', expectation.request),
    reply: hops('reply', expectation.reply),
    connections,
    probes,
    data: {
      connections: data,
      request: hops('request', ftp?.request ?? []),
      reply: hops('reply', ftp?.reply ?? []),
    },
    strays: strays.filter(flow => !known.has(flow)),
    altered: findAltered(trace),
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
