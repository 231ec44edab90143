import {available} from './load.ts';
import type {SchedulerModel, ServerState, Setting} from './types.ts';

/**
 * Round robin: the next available server after the one chosen last (ip_vs_rr.c, ip_vs_rr_schedule). When that one is
 * removed, the one before it takes its place (ip_vs_rr_del_dest); added servers, which come first, do not move it.
 */
export function rr({servers}: Setting): SchedulerModel {
  let last: ServerState | undefined;
  return {
    choose() {
      const after = last === undefined ? 0 : servers.indexOf(last) + 1;
      const next = [...servers.slice(after), ...servers.slice(0, after)].find(available);
      last = next ?? last;
      return next;
    },
    removed(server, before) {
      if (last === server) last = before;
    },
  };
}
