import {foldAddress, hash32} from './hash.ts';
import {available} from './load.ts';
import type {SchedulerModel, Setting} from './types.ts';

/**
 * Destination hashing: the buckets of the hash go to the servers in turn, weights not counted; a connection to a server
 * that is not available is refused (ip_vs_dh.c, ip_vs_dh_hashkey, ip_vs_dh_reassign, ip_vs_dh_schedule; hash_32 since
 * Linux 4.18).
 */
export const dh = ({servers, family, kernel}: Setting): SchedulerModel => ({
  choose({destination}) {
    const bucket = hash32(foldAddress(destination, family), kernel.dhBits);
    const server = servers[bucket % servers.length];
    return server !== undefined && available(server) ? server : undefined;
  },
});
