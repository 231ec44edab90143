import {canonical} from '../../topology/ip.ts';
import {crowded, lightest, overhead} from './load.ts';
import type {SchedulerModel, ServerState, Setting} from './types.ts';

/** The servers of a destination address, the latest first, and when that changed: seconds. */
interface ServerSet {
  servers: readonly ServerState[];
  changedAt: number;
}

/**
 * Locality-based least connection with replication: a destination address has a set of servers, of which the lightest is
 * chosen; when that is crowded, the lightest of all joins the set (ip_vs_lblcr.c, ip_vs_lblcr_schedule). A set that did
 * not change for lblcr_expiration loses its most loaded server. How the kernel forgets whole sets is not modelled: as
 * with lblc, that takes minutes.
 */
export function lblcr({servers, kernel}: Setting): SchedulerModel {
  const sets = new Map<string, ServerSet>();
  return {
    choose({destination, at = 0}) {
      const address = canonical(destination);
      const set = sets.get(address);
      const least = lightest(set?.servers.filter(({present}) => present) ?? [], overhead);
      if (
        set !== undefined &&
        set.servers.length > 1 &&
        at > set.changedAt + kernel.lblcrExpiration
      )
        shrink(set, at);
      if (least !== undefined && !crowded(least, servers)) return least;
      const chosen = lightest(servers, overhead);
      if (chosen === undefined) return undefined;
      if (set === undefined) sets.set(address, {servers: [chosen], changedAt: at});
      else if (!set.servers.includes(chosen)) {
        set.servers = [chosen, ...set.servers];
        set.changedAt = at;
      }
      return chosen;
    },
  };
}

/** Takes the most loaded server with a weight out of a set, removed ones counted (ip_vs_dest_set_max). */
function shrink(set: ServerSet, at: number): void {
  const most = set.servers
    .filter(({weight}) => weight > 0)
    .reduce<ServerState | undefined>(
      (heavy, server) =>
        heavy === undefined || overhead(heavy) * server.weight < overhead(server) * heavy.weight
          ? server
          : heavy,
      undefined,
    );
  if (most === undefined) return;
  set.servers = set.servers.filter(server => server !== most);
  set.changedAt = at;
}
