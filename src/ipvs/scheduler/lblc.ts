import {canonical} from '../../topology/ip.ts';
import {crowded, lightest, overhead} from './load.ts';
import type {SchedulerModel, ServerState, Setting} from './types.ts';

/**
 * Locality-based least connection: a destination address keeps its server while that is there, has a weight and is not
 * crowded; its thresholds do not count (ip_vs_lblc.c, ip_vs_lblc_schedule). The kernel forgets addresses that were not
 * used for lblc_expiration, but looks for them every half hour only, or above 16384 of them, after six minutes: not
 * modelled.
 */
export function lblc({servers}: Setting): SchedulerModel {
  const kept = new Map<string, ServerState>();
  return {
    choose({destination}) {
      const address = canonical(destination);
      const server = kept.get(address);
      if (server?.present === true && server.weight > 0 && !crowded(server, servers)) return server;
      const chosen = lightest(servers, overhead);
      if (chosen !== undefined) kept.set(address, chosen);
      return chosen;
    },
  };
}
