import {randomFrom} from '../../soak/support/random.ts';
import {groupBy} from '../../../src/trace/group.ts';
import {expectationFaults} from './expectation-faults.ts';
import {failoverFaults} from './failover-faults.ts';
import {waysOf, type Fault} from './fault.ts';
import {fieldFaults} from './field-faults.ts';
import {extraFaults, lossFaults, orderFaults} from './frame-faults.ts';
import type {Subject} from './subject.ts';
import {textFaults} from './text-faults.ts';

/** Every fault that is known, at every place of the run. */
export function faultsOf(subject: Subject): readonly Fault[] {
  const ways = waysOf(subject);
  return [
    ...fieldFaults(subject, ways),
    ...lossFaults(subject, ways),
    ...extraFaults(subject, ways),
    ...orderFaults(subject, ways),
    ...expectationFaults(subject, ways),
    ...failoverFaults(subject),
    ...textFaults(subject),
  ];
}

/** So many of the faults, of each kind and scope about as many, drawn by the seed; all where there are no more. */
export function sampleOf(faults: readonly Fault[], count: number, seed: number): readonly Fault[] {
  const random = randomFrom(seed);
  const groups = groupBy(
    faults.map(fault => ({fault, order: random()})),
    ({fault: {kind, scope}}) => `${kind} ${scope}`,
  );
  const drawn = [...groups.values()].flatMap(group =>
    group
      .toSorted((a, b) => a.order - b.order)
      .map(({fault, order}, round) => ({fault, order, round})),
  );
  return drawn
    .toSorted((a, b) => a.round - b.round || a.order - b.order)
    .slice(0, count)
    .map(({fault}) => fault);
}
