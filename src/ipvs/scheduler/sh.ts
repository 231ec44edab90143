import {foldAddress, hash32} from './hash.ts';
import {available} from './load.ts';
import type {Arrival, SchedulerModel, ServerState, Setting} from './types.ts';

/**
 * Source hashing (ip_vs_sh.c, ip_vs_sh_hashkey, ip_vs_sh_get, ip_vs_sh_get_fallback; hash_32 since Linux 4.18). A
 * connection to a server that is not available is refused, or, with fallback, goes round the buckets from the hashed
 * one's number on.
 */
export const sh = (setting: Setting): SchedulerModel => ({
  choose(arrival) {
    const {servers, kernel, flags} = setting;
    const size = 2 ** kernel.shBits;
    const buckets = fill(servers, size);
    const first = hash32(hashedSource(arrival, setting), kernel.shBits);
    const server = buckets[first];
    if (server === undefined || available(server)) return server;
    if (!flags.fallback) return undefined;
    // The kernel adds the offset to the hash a second time.
    return Array.from({length: size}, (_, offset) => buckets[(2 * first + offset) % size]).find(
      other => other !== undefined && available(other),
    );
  },
});

/** The source address, with the source port added when the service's flags say so: 32 bits. Also mh's. */
export const hashedSource = (
  {source, sourcePort}: Arrival,
  {family, flags}: Pick<Setting, 'family' | 'flags'>,
): number => (foldAddress(source, family) + (flags.port ? sourcePort : 0)) >>> 0;

/** Buckets in list order, as many as its weight to each server, one to a server of weight 0, over and over. */
function fill(servers: readonly ServerState[], size: number): readonly ServerState[] {
  const round = servers.flatMap(server =>
    Array.from({length: Math.min(size, Math.max(1, server.weight))}, () => server),
  );
  return round.length === 0
    ? []
    : Array.from({length: size}, (_, bucket) => round[bucket % round.length]).filter(
        server => server !== undefined,
      );
}
