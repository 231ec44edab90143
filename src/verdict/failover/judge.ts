import type {RunFolder} from '../../run-folder/types.ts';
import type {Flow, InterfaceCapture, Trace} from '../../trace/types.ts';
import {findAltered} from '../altered.ts';
import {doubtsOfGivenUp} from '../asked.ts';
import type {Case} from '../case.ts';
import {checkConnections} from '../connection-checks.ts';
import {findConnections} from '../connections.ts';
import {findErrors, refusedBy} from '../error-rules.ts';
import {checkErrors} from '../errors.ts';
import {findDoubts, withAccounts} from '../gate.ts';
import {addressOf, completeHops, type Direction} from '../hops.ts';
import {namesOf} from '../names.ts';
import {checkNever} from '../never.ts';
import {checkOnce} from '../once.ts';
import {checkOrder} from '../order.ts';
import {checkPaths} from '../path-checks.ts';
import {checkAnswers} from '../records.ts';
import {settle} from '../settle.ts';
import type {Check, Expectation, HopExpectation, Judgement} from '../types.ts';
import {accountsOfDirectors} from './accounts.ts';
import {checkAdverts} from './adverts.ts';
import {announcementsOf, tellingsOf} from './announcements.ts';
import {checkAnnounced} from './announced.ts';
import {checkAsked} from './asked.ts';
import {diagnoseFailover} from './causes.ts';
import type {FailoverCase} from './context.ts';
import {checkFrames} from './frames.ts';
import {checkOutage, measureOutages, type HopsThrough} from './outage.ts';
import {presentDirector, sortPaths, type Lost} from './sort.ts';
import {findLateAdverts} from './slow.ts';
import {checkSurvive} from './survive.ts';
import {checkSync, isSync} from './sync.ts';
import {isBeforeEnd, timelineOf} from './timeline.ts';
import type {Failover} from './types.ts';

/**
 * Judges a run with several directors: each packet on its way through the director that had the address when it was sent, what the
 * directors said to each other and to all, and every other frame. Pure, as judge. @throws {InputError} as judge.
 */
export function judgeFailover(
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  expectation: Expectation,
  failover: Failover,
  trace: Trace,
): Judgement {
  const names = namesOf(run.topology, expectation);
  const virtual = addressOf(expectation.virtual.address, 'virtual service', names);
  const {connections, strays} = findConnections(trace, run.topology, expectation, virtual);
  const hopsThrough: HopsThrough = (director, direction) =>
    completeHops(direction, withDirector(expectation[direction], director), run.topology, names);
  const first = failover.directors[0] ?? '';
  const errors = findErrors(connections, []);
  const judged: Case = {
    run,
    expectation,
    trace,
    names,
    virtual,
    request: hopsThrough(first, 'request'),
    reply: hopsThrough(first, 'reply'),
    connections,
    errorRules: [],
    errors,
    refused: refusedBy(errors),
    probes: [],
    data: {connections: [], request: [], reply: []},
    strays: failover.sync === undefined ? strays : strays.filter(flow => !isSync(flow)),
    altered: findAltered(trace),
  };
  const timeline = timelineOf(failover, run.record.marks ?? []);
  const announcements = announcementsOf(trace, failover.routers).filter(({crossing}) =>
    isBeforeEnd(timeline, crossing),
  );
  const sorted = sortPaths(
    {failover, timeline, tellings: tellingsOf(trace, failover.routers), hops: expectation},
    connections,
  );
  const all: FailoverCase = {judged, failover, timeline, announcements, sorted};
  const arrived = withoutLost(judged, sorted.lost);
  const accounts = accountsOfDirectors(all, hopsThrough);
  const checks = [
    ...pathsThrough(all, hopsThrough),
    ...checkOutage(all, hopsThrough),
    ...checkConnections(judged),
    ...checkErrors(judged),
    checkOnce(judged),
    checkOrder(arrived),
    ...checkNever(judged),
    ...checkAdverts(all),
    checkAnnounced(all),
    ...checkAsked(all),
    ...checkSync(all),
    ...checkSurvive(all),
    checkFrames(all),
    ...accounts.map(({check}) => check),
    checkAnswers(judged),
  ];
  const {lossy, unproven} = withAccounts(findDoubts(arrived, captures), accounts, checks);
  const doubts = {
    lossy: [...lossy, ...findLateAdverts(all)],
    unproven: [...unproven, ...doubtsOfGivenUp(judged)],
  };
  const judgement = settle({run, captures, trace}, checks, doubts, () => diagnoseFailover(all));
  const outages = measureOutages(all, hopsThrough);
  return {...judgement, measured: {...judgement.measured, outages}};
}

/** Hops with a director in the place of whichever has the address. */
export const withDirector = (
  hops: readonly HopExpectation[],
  director: string,
): readonly HopExpectation[] =>
  hops.map(hop => ({
    ...hop,
    link: hop.link
      .split(' > ')
      .map(end => (end === presentDirector ? director : end))
      .join(' > '),
  }));

/** The hops of each director that connections must go through, judged by the packets that must. */
const pathsThrough = (all: FailoverCase, hopsThrough: HopsThrough): readonly Check[] =>
  [...all.sorted.through].flatMap(([director, connections]) => {
    if (connections.length === 0) return [];
    const view = {
      ...all.judged,
      connections,
      request: hopsThrough(director, 'request'),
      reply: hopsThrough(director, 'reply'),
    };
    return (['request', 'reply'] as const).flatMap((direction: Direction) =>
      checkPaths(view, direction).map(check => ({...check, id: `${director}.${check.id}`})),
    );
  });

/** The case without the packets that a dead director swallowed: nothing follows from them. */
function withoutLost(judged: Case, lost: readonly Lost[]): Case {
  const gone = new Set(lost.map(({path}) => path));
  const kept = (flow: Flow): Flow => ({
    tuple: flow.tuple,
    origin: flow.origin,
    errors: flow.errors,
    paths: flow.paths.filter(path => !gone.has(path)),
  });
  return {
    ...judged,
    trace: {...judged.trace, flows: judged.trace.flows.map(kept)},
    connections: judged.connections.map(connection => ({
      ...connection,
      request: connection.request.filter(path => !gone.has(path)),
      reply: connection.reply.filter(path => !gone.has(path)),
    })),
  };
}
