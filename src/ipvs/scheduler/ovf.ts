import {heaviest} from './fo.ts';
import {available} from './load.ts';
import type {SchedulerModel, Setting} from './types.ts';

/**
 * Weighted overflow: the highest weight among the servers with no more active connections than their weight, so a
 * server gets one connection more than its weight (ip_vs_ovf.c, ip_vs_ovf_schedule).
 */
export const ovf = ({servers}: Setting): SchedulerModel => ({
  choose: () =>
    heaviest(servers.filter(server => available(server) && server.active <= server.weight)),
});
