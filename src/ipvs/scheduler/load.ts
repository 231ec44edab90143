import type {ServerState} from './types.ts';

/** Whether new connections may go to a server: it has a weight, and is not overloaded. */
export const available = ({weight, overloaded}: ServerState): boolean => weight > 0 && !overloaded;

/** An active connection costs 256 inactive ones (include/net/ip_vs.h, ip_vs_dest_conn_overhead). */
export const overhead = ({active, inactive}: ServerState): number => active * 256 + inactive;

/** The cost that sed and nq expect: the new connection counted, inactive ones not (ip_vs_sed_dest_overhead). */
export const expectedDelay = ({active}: ServerState): number => active + 1;

/** The available server with the least cost for its weight, the first of equal ones. */
export const lightest = (
  servers: readonly ServerState[],
  cost: (server: ServerState) => number,
): ServerState | undefined =>
  servers
    .filter(available)
    .reduce<ServerState | undefined>(
      (least, server) =>
        least === undefined || cost(least) * server.weight > cost(server) * least.weight
          ? server
          : least,
      undefined,
    );

/**
 * Whether lblc and lblcr leave a server for another: it has more active connections than its weight, while a server
 * has less than half of its own (is_overloaded in ip_vs_lblc.c and ip_vs_lblcr.c).
 */
export const crowded = (server: ServerState, servers: readonly ServerState[]): boolean =>
  server.active > server.weight && servers.some(({active, weight}) => active * 2 < weight);
