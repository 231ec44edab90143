import type {RunFolder} from '../../run-folder/types.ts';
import {departure, placeOf} from '../../trace/essence.ts';
import {traceRun} from '../../trace/run.ts';
import type {Crossing, InterfaceCapture, Trace} from '../../trace/types.ts';
import {findAltered} from '../altered.ts';
import {CheckDraft} from '../checks.ts';
import type {Setting} from '../compare.ts';
import {findDoubts, withAccounts} from '../gate.ts';
import {namesOf} from '../names.ts';
import {Notation} from '../notation.ts';
import {settle} from '../settle.ts';
import type {Check, Judgement} from '../types.ts';
import {accountsOfExchange} from './accounts.ts';
import {diagnoseExchange} from './diagnose.ts';
import {checkEntries} from './entries.ts';
import {Ledger} from './ledger.ts';
import {judgePackets, type Followed} from './packets.ts';
import {checkSynced} from './synced.ts';
import {arrivalAtAll, unseenOf} from './seen-by-all.ts';
import {checkRise, checkShown} from './texts.ts';
import type {ExchangeExpectation} from './types.ts';

/**
 * Judges the run of an exchange by its captures: every packet of the script and all that it caused took exactly the links
 * that the lab says, byte for byte, and there was no other. The verdict is as `judge` gives it; a packet that came before the
 * one before it in the script had come through makes it INCONCLUSIVE.
 */
export function judgeExchange(
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  expectation: ExchangeExpectation,
  trace: Trace = traceRun(run.topology, captures),
): Judgement {
  const names = namesOf(run.topology, expectation);
  const notation = new Notation(names);
  const connection = {server: undefined, client: undefined, virtual: undefined, ports: new Map()};
  const setting: Setting = {topology: run.topology, names, notation, connection};
  const ledger = new Ledger(trace);
  const packets = expectation.steps.filter(step => step.kind === 'packets');
  const judged = judgePackets(setting, ledger, packets);
  const accounts = accountsOfExchange(run, expectation, judged.followed, ledger);
  const checks: readonly Check[] = [
    ...judged.checks,
    ...expectation.steps.flatMap(step => {
      if (step.kind === 'entries') return [checkEntries(run, expectation.director, step, names)];
      if (step.kind === 'shows') return [checkShown(run, step)];
      return step.kind === 'counters' ? [checkRise(run, step)] : [];
    }),
    ...expectation.steps
      .filter(step => step.kind === 'synced')
      .map(step =>
        checkSynced(
          setting,
          ledger,
          expectation.director,
          step,
          endOfSteps(judged.followed, step.step),
        ),
      ),
    ...accounts.map(({check}) => check),
    checkNothingElse(ledger, notation, judged.beyond),
  ];
  // Which of two equal packets is which was settled by their bytes and their order.
  const doubted = {run, trace: {...trace, ambiguities: []}, altered: findAltered(trace)};
  const doubts = withAccounts(
    findDoubts({...doubted, connections: []}, captures, ledger.crossings),
    accounts,
    checks,
  );
  const missed = [
    ...findDisorder(judged.followed),
    ...findLost(judged.followed, ledger),
    ...judged.followed.flatMap(({toAll}) => toAll.flatMap(one => unseenOf(one, run.topology))),
  ];
  return settle(
    {run, captures, trace},
    checks,
    {...doubts, lossy: [...doubts.lossy, ...missed]},
    () => diagnoseExchange(run, expectation),
  );
}

/** When the last packet of the steps before set out on its last link: the director tells of it after that. */
const endOfSteps = (followed: readonly Followed[], step: number): bigint =>
  followed
    .filter(one => one.step < step)
    .flatMap(({crossings}) => crossings.map(departure))
    .reduce((last, time) => (time > last ? time : last), 0n);

/** Frames that no expectation took. Those that a packet's own check tells of are not told again. */
function checkNothingElse(ledger: Ledger, notation: Notation, told: ReadonlySet<Crossing>): Check {
  const draft = new CheckDraft(
    'nothing-else',
    'no packet but those of the script and what it says that they cause',
  );
  draft.judge(ledger.crossings.length);
  for (const crossing of ledger.left())
    if (!told.has(crossing))
      draft.fail({
        field: 'path',
        expected: 'no such packet',
        actual: 'a packet',
        place: placeOf(crossing.any),
        actualPacket: notation.seen(crossing),
      });
  return draft.done();
}

/**
 * A step begins when all of the step before has come to its end: in the order of a script, whatever node sends. Told of
 * packets that are as they should be; of others their checks tell.
 */
function findDisorder(followed: readonly Followed[]): readonly string[] {
  const whole = followed.filter(one => one.whole);
  return whole.flatMap(({step, crossings: [first]}, i) => {
    const before = whole.slice(0, i).filter(one => one.step < step);
    const late = before
      .flatMap(one => one.crossings)
      .find(crossing => first !== undefined && arrivalAtAll(crossing) > departure(first));
    return late === undefined || first === undefined
      ? []
      : [
          `step ${step} began (${placeOf(first.any)}) before another had ended (${placeOf(late.any)})`,
        ];
  });
}

/** What a node said that it sent, and no capture has, not even with other bytes: it was not captured. */
const findLost = (followed: readonly Followed[], ledger: Ledger): readonly string[] =>
  followed.flatMap(({step, lost}) =>
    lost && ledger.left().length === 0
      ? [`step ${step}: a frame that was sent is in no capture`]
      : [],
  );
