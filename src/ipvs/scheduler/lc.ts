import {available, overhead} from './load.ts';
import type {SchedulerModel, Setting} from './types.ts';

/** Least connection: the lowest overhead, whatever the weight, the first of equal ones (ip_vs_lc.c, ip_vs_lc_schedule). */
export const lc = ({servers}: Setting): SchedulerModel => ({
  choose() {
    const candidates = servers.filter(available);
    const least = Math.min(...candidates.map(overhead));
    return candidates.find(server => overhead(server) === least);
  },
});
