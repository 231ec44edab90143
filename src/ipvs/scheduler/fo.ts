import {available} from './load.ts';
import type {SchedulerModel, ServerState, Setting} from './types.ts';

/** Weighted failover: the available server with the highest weight (ip_vs_fo.c, ip_vs_fo_schedule). */
export const fo = ({servers}: Setting): SchedulerModel => ({
  choose: () => heaviest(servers.filter(available)),
});

/** The server with the highest weight, the first of equal ones. */
export function heaviest(servers: readonly ServerState[]): ServerState | undefined {
  const most = Math.max(...servers.map(({weight}) => weight));
  return servers.find(({weight}) => weight === most);
}
