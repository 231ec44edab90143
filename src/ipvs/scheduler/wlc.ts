import {lightest, overhead} from './load.ts';
import type {SchedulerModel, Setting} from './types.ts';

/** Weighted least connection: the lowest overhead for its weight (ip_vs_wlc.c, ip_vs_wlc_schedule). */
export const wlc = ({servers}: Setting): SchedulerModel => ({
  choose: () => lightest(servers, overhead),
});
