import {available, expectedDelay, lightest} from './load.ts';
import type {SchedulerModel, Setting} from './types.ts';

/** Never queue: the first server without active connections, else as sed (ip_vs_nq.c, ip_vs_nq_schedule). */
export const nq = ({servers}: Setting): SchedulerModel => ({
  choose: () =>
    servers.filter(available).find(({active}) => active === 0) ?? lightest(servers, expectedDelay),
});
