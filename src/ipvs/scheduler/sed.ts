import {expectedDelay, lightest} from './load.ts';
import type {SchedulerModel, Setting} from './types.ts';

/** Shortest expected delay: active connections, the new one counted, for the weight (ip_vs_sed.c, ip_vs_sed_schedule). */
export const sed = ({servers}: Setting): SchedulerModel => ({
  choose: () => lightest(servers, expectedDelay),
});
