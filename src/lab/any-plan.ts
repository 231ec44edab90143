import {planExchange, type ExchangePlan} from './exchange/plan.ts';
import type {Exchange, ExchangeCounter} from './exchange/types.ts';
import {planFailover, type FailoverPlan} from './failover/plan.ts';
import type {FailoverCounter, FailoverLab} from './failover/types.ts';
import {planLab, type Plan} from './plan.ts';
import type {CounterLab, Lab} from './types.ts';

/** What can be run: a lab, an exchange, a failover, or a counter-lab of one of them. */
export type AnyPlan = Plan | ExchangePlan | FailoverPlan;

/** A lab or an exchange, and each of its counter-labs if they are asked for. Throws InputError as planning each does. */
export function plansOfLab(
  lab: Lab | Exchange | FailoverLab,
  options: {readonly counters: boolean; readonly topologies: readonly string[]},
): readonly AnyPlan[] {
  if (lab.kind === 'exchange') {
    const counters: readonly (ExchangeCounter | undefined)[] = options.counters ? lab.counter : [];
    return [undefined, ...counters].map(one => planExchange(lab, one, options.topologies));
  }
  if (lab.kind === 'failover') {
    const counters: readonly (FailoverCounter | undefined)[] = options.counters ? lab.counter : [];
    return [undefined, ...counters].map(one => planFailover(lab, one, options.topologies));
  }
  const counters: readonly (CounterLab | undefined)[] = options.counters ? lab.counter : [];
  return [undefined, ...counters].map(one => planLab(lab, one, options.topologies));
}
