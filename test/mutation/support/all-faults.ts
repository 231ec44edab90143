import {randomFrom} from '../../soak/support/random.ts';
import {groupBy} from '../../../src/trace/group.ts';
import {expectationFaults} from './expectation-faults.ts';
import {failoverFaults} from './failover-faults.ts';
import {waysOf, type Fault, type Way} from './fault.ts';
import {fieldFaults} from './field-faults.ts';
import {extraFaults, lossFaults, orderFaults} from './frame-faults.ts';
import type {Subject} from './subject.ts';
import {textFaults} from './text-faults.ts';

/** Every fault that is known, at every place of the run, or of those flows that `ways` are of. */
export function faultsOf(subject: Subject, ways = waysOf(subject)): readonly Fault[] {
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

/** The ways of whole flows, drawn by the seed until there are so many ways; all where there are no more. */
export function someFlows(ways: readonly Way[], most: number, seed: number): readonly Way[] {
  const random = randomFrom(seed);
  const flows = [...groupBy(ways, ({flow}) => flow).entries()]
    .map(([flow, own]) => ({flow, size: own.length, order: random()}))
    .toSorted((a, b) => a.order - b.order);
  let sum = 0;
  const drawn = new Set<number>();
  for (const {flow, size} of flows) {
    if (sum >= most) break;
    drawn.add(flow);
    sum += size;
  }
  return ways.filter(({flow}) => drawn.has(flow));
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
