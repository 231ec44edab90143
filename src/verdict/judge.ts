import type {RunFolder} from '../run-folder/types.ts';
import {traceRun} from '../trace/run.ts';
import type {InterfaceCapture, Trace} from '../trace/types.ts';
import {findAltered} from './altered.ts';
import {doubtsOfGivenUp} from './asked.ts';
import type {Case} from './case.ts';
import {checkConnections} from './connection-checks.ts';
import {findConnections} from './connections.ts';
import {checkDatagrams} from './datagrams.ts';
import {diagnose} from './diagnose.ts';
import {completeErrors, findErrors, refusedBy} from './error-rules.ts';
import {checkErrors} from './errors.ts';
import {checkExpiry} from './expiry.ts';
import {checkFacts} from './facts.ts';
import {judgeFailover} from './failover/judge.ts';
import {findDoubts, withAccounts} from './gate.ts';
import {checkHealth} from './health.ts';
import {checkFtp} from './ftp-checks.ts';
import {findData} from './ftp-data.ts';
import {addressOf, completeHops, type Direction, type Hop} from './hops.ts';
import {namesOf} from './names.ts';
import {checkNever} from './never.ts';
import {checkOnce} from './once.ts';
import {checkOrder} from './order.ts';
import {checkPaths} from './path-checks.ts';
import {findProbes} from './probes.ts';
import {accountsOf} from './records.ts';
import {checkSame} from './same.ts';
import {checkSchedule} from './schedule.ts';
import {settle} from './settle.ts';
import {traceOptions} from './trace-options.ts';
import type {Expectation, HopExpectation, Judgement} from './types.ts';
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
  if (expectation.failover !== undefined)
    return judgeFailover(run, captures, expectation, expectation.failover, trace);
  const judged = open(run, expectation, trace);
  const accounts = accountsOf(judged);
  const checks = [
    ...checkPaths(judged, 'request'),
    ...checkPaths(judged, 'reply'),
    ...checkConnections(judged),
    ...checkErrors(judged),
    ...checkDatagrams(judged),
    checkOnce(judged),
    checkOrder(judged),
    ...checkUnwrapped(judged),
    ...(expectation.schedule === undefined ? [] : [checkSchedule(judged, expectation.schedule)]),
    ...checkExpiry(judged),
    ...checkFtp(judged),
    ...checkHealth(judged),
    ...(expectation.same === undefined ? [] : [checkSame(judged, expectation.same)]),
    ...checkNever(judged),
    ...accounts.map(({check}) => check),
    ...checkFacts(judged),
  ];
  const {lossy, unproven} = withAccounts(findDoubts(judged, captures), accounts, checks);
  const doubts = {lossy, unproven: [...unproven, ...doubtsOfGivenUp(judged)]};
  return settle({run, captures, trace}, checks, doubts, () => diagnose(judged));
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
  const errorRules = completeErrors(expectation.errors ?? [], run.topology, names);
  const errors = findErrors(connections, errorRules);
  return {
    run,
    expectation,
    trace,
    names,
    virtual,
    request: hops('request', expectation.request),
    reply: hops('reply', expectation.reply),
    connections,
    errorRules,
    errors,
    refused: refusedBy(errors),
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
