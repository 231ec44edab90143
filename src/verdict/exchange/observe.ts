import type {RunFolder} from '../../run-folder/types.ts';
import {traceRun} from '../../trace/run.ts';
import type {InterfaceCapture} from '../../trace/types.ts';
import {innermostIp} from '../../wire/packet.ts';
import {namesOf} from '../names.ts';
import {verdictSeen, type Observation} from '../observation.ts';
import {Notation} from '../notation.ts';
import type {Judgement} from '../types.ts';
import {Ledger} from './ledger.ts';
import type {ExchangeExpectation} from './types.ts';

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
  const texts = expectation.steps.flatMap((step): Observation[] => {
    if (step.kind !== 'entries') return [];
    // Without the seconds left.
    const lines = run
      .text(expectation.director, step.text)
      .split('\n')
      .slice(2)
      .map(line => line.replaceAll(/\s\d+:\d\d\s+/g, ' ').replaceAll(/\s+/g, ' '))
      .filter(Boolean)
      .toSorted();
    return [{of: `step ${step.step}`, what: 'entries', value: lines.join('\n') || 'none'}];
  });
  return [...verdictSeen(judgement), ...packets, ...texts];
}
