import type {RunFolder} from '../../run-folder/types.ts';
import {traceRun} from '../../trace/run.ts';
import type {InterfaceCapture} from '../../trace/types.ts';
import {innermostIp} from '../../wire/packet.ts';
import {namesOf} from '../names.ts';
import {verdictSeen, type Observation} from '../observation.ts';
import {Notation} from '../notation.ts';
import type {Judgement} from '../types.ts';
import {Ledger} from './ledger.ts';
import {countersOf, fitsAny} from './texts.ts';
import type {ExchangeExpectation, StepExpectation} from './types.ts';

/**
 * How the run of an exchange behaved, without what differs from run to run of one kernel: each packet in order, with its TTL,
 * what the nodes said at the steps, failed checks, the director's `net.ipv4.vs` sysctls that the lab sets.
 */
export function observeExchange(
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  expectation: ExchangeExpectation,
  judgement: Judgement,
): readonly Observation[] {
  const notation = new Notation(namesOf(run.topology, expectation));
  const {crossings} = new Ledger(traceRun(run.topology, captures));
  const packets = crossings.map((crossing, i): Observation => {
    const ip = innermostIp(crossing.any.packet);
    const ttl = ip?.kind === 'ipv4' ? ip.ttl : ip?.hopLimit;
    return {
      of: `packet ${i + 1}`,
      what: 'crossing',
      value: `${notation.seen(crossing)}   ttl ${ttl ?? '-'}`,
    };
  });
  const texts = expectation.steps.flatMap((step): readonly Observation[] => {
    const of = `step ${step.step}`;
    switch (step.kind) {
      case 'entries':
        return [{of, what: 'entries', value: entriesIn(run.text(expectation.director, step.text))}];
      case 'shows':
        return shownAt(of, run.text(step.node, step.text), step);
      case 'counters':
        return risesAt(of, run, step);
      case 'packets':
      case 'synced':
        return [];
    }
  });
  return [...verdictSeen(judgement), ...packets, ...texts];
}

/** Without the seconds left. */
const entriesIn = (text: string): string =>
  text
    .split('\n')
    .slice(2)
    .map(line => line.replaceAll(/\s\d+:\d\d\s+/g, ' ').replaceAll(/\s+/g, ' '))
    .filter(Boolean)
    .toSorted()
    .join('\n') || 'none';

type Of<K extends StepExpectation['kind']> = Extract<StepExpectation, {readonly kind: K}>;

/** Which of the lab's lines are there, and what else is said: without numbers, which are of the moment. */
function shownAt(
  of: string,
  text: string,
  {node, what, lines, not}: Of<'shows'>,
): readonly Observation[] {
  const printed = text.split('\n');
  const said = printed.map(line => line.trim().replaceAll(/\s+/g, ' ').replaceAll(/\d+/g, '#'));
  return [
    ...[...lines, ...not].map(pattern => ({
      of,
      what: `${node} shows in ${what}: ${pattern}`,
      value: printed.some(line => fitsAny(line, [pattern])) ? 'a line' : 'no line',
    })),
    {
      of,
      what: `${node} shows in ${what}`,
      value: [...new Set(said.filter(Boolean))].toSorted().join('\n') || 'nothing',
    },
  ];
}

const risesAt = (
  of: string,
  run: RunFolder,
  {node, before, text, rose}: Of<'counters'>,
): readonly Observation[] => {
  const [was, is] = [before, text].map(name => countersOf(run.text(node, name)));
  return Object.keys(rose).map(name => {
    const [first, last] = [was?.get(name), is?.get(name)];
    return {
      of,
      what: `${node} counts ${name}`,
      value: first === undefined || last === undefined ? 'not' : `${last - first} more`,
    };
  });
};
