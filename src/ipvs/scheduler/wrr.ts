import type {SchedulerModel, ServerState, Setting} from './types.ts';

/**
 * Weighted round robin: passes over the list, each for the servers whose weight reaches a bar, which falls from the
 * largest weight to 1 in steps of the weights' greatest common divisor (ip_vs_wrr.c, ip_vs_wrr_schedule). A change of
 * servers restarts the pass but keeps the bar where it can (ip_vs_wrr_dest_changed), so the first choices depend on the
 * order in which the servers were added.
 */
export function wrr({servers}: Setting): SchedulerModel {
  let last: ServerState | undefined;
  let {step, top} = steps(servers);
  let bar = top;

  return {
    choose() {
      if (top === 0) return undefined;
      const start = last === undefined ? -1 : servers.indexOf(last);
      let from = start + 1;
      let restarted = false;
      for (let lowest = false; ; lowest = bar <= step) {
        // The lowest pass for the second time: what it did not see at first stands up to the start.
        const closing = lowest && restarted && start >= 0;
        const next = servers
          .slice(from, closing ? start + 1 : servers.length)
          .find(({overloaded, weight}) => !overloaded && weight >= bar);
        if (next !== undefined) return (last = next);
        if (closing) return undefined;
        from = 0;
        bar -= step;
        if (bar > 0) continue;
        bar = top;
        if (lowest || start < 0) {
          last = undefined;
          return undefined;
        }
        restarted = true;
      }
    },
    changed() {
      last = undefined;
      ({step, top} = steps(servers));
      if (bar > top || bar === 0) bar = top;
      else if (step > 1) bar = Math.trunc(bar / step) * step + 1;
    },
  };
}

/** The step between bars, and the highest bar, such that the last one is 1. */
function steps(servers: readonly ServerState[]): {readonly step: number; readonly top: number} {
  const weights = servers.map(({weight}) => weight).filter(weight => weight > 0);
  const step = commonDivisor(weights) || 1;
  return {step, top: Math.max(0, ...weights) - (step - 1)};
}

/** The greatest common divisor of numbers above 0; 0 when there are none. */
export const commonDivisor = (numbers: readonly number[]): number =>
  numbers.reduce((a, b) => {
    while (b > 0) [a, b] = [b, a % b];
    return a;
  }, 0);
