import {foldAddress, hsipHashOfNumber, type SipKey} from './hash.ts';
import {available} from './load.ts';
import {hashedSource} from './sh.ts';
import type {SchedulerModel, ServerState, Setting} from './types.ts';
import {commonDivisor} from './wrr.ts';

/** Sizes of the table, by CONFIG_IP_VS_MH_TAB_INDEX less 8. */
const primes = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071];

/** The keys are constants (generate_hash_secret), so the table is the same everywhere. */
const placeKey: SipKey = [2654435761n, 2654435761n];
const skipKey: SipKey = [2654446892n, 2654446892n];

/**
 * Maglev hashing (ip_vs_mh.c, ip_vs_mh_schedule, ip_vs_mh_get, ip_vs_mh_get_fallback): the hashed source picks a place
 * of a table. A connection to a server that is not available is refused, or, with fallback, hashed anew with a growing
 * offset. The table is made of the latest weights above 0, so quiescing a server does not change it.
 */
export function mh(setting: Setting): SchedulerModel {
  let table = mhTable(setting);
  return {
    choose(arrival) {
      const size = tableSize(setting);
      const source = hashedSource(arrival, setting);
      const place = (offset: number): number => hsipHashOfNumber(source + offset, placeKey) % size;
      const first = place(0);
      const server = table[first];
      if (server === undefined || available(server)) return server;
      if (!setting.flags.fallback) return undefined;
      for (let offset = 0; offset < size; offset++) {
        const other = table[place((first + offset) % size)];
        if (other !== undefined && available(other)) return other;
      }
      return undefined;
    },
    changed() {
      table = mhTable(setting);
    },
  };
}

const tableSize = ({kernel}: Setting): number => primes[kernel.mhIndex - 8] ?? 0;

/**
 * The table: each server has a permutation of the places, and the servers in turn take the next free place of theirs,
 * several at a time by weight (ip_vs_mh_permutate, ip_vs_mh_populate). Empty when no server ever had a weight.
 */
export function mhTable(setting: Setting): readonly ServerState[] {
  const size = tableSize(setting);
  const turns = turnsOf(setting);
  const takers = setting.servers.flatMap(server => {
    const count = turns(server);
    if (count === 0) return [];
    const key = (foldAddress(server.address, setting.family) + server.port) >>> 0;
    const skip = (hsipHashOfNumber(key, skipKey) % (size - 1)) + 1;
    return [{server, count, skip, place: hsipHashOfNumber(key, placeKey) % size}];
  });
  const table = Array.from<ServerState | undefined>({length: size});
  for (let filled = 0; takers.length > 0 && filled < size;)
    for (const taker of takers)
      for (let turn = 0; turn < taker.count && filled < size; turn++, filled++) {
        while (table[taker.place] !== undefined) taker.place = (taker.place + taker.skip) % size;
        table[taker.place] = taker.server;
      }
  return table.filter(server => server !== undefined);
}

/**
 * Places that a server takes at a time: its weight over the common divisor, shifted right so that the largest has at
 * most half as many bits as CONFIG_IP_VS_MH_TAB_INDEX says, and at least 1 (ip_vs_mh_gcd_weight,
 * ip_vs_mh_shift_weight).
 */
function turnsOf({servers, kernel}: Setting): (server: ServerState) => number {
  const weights = servers.map(({lastWeight}) => lastWeight).filter(weight => weight > 0);
  const divisor = commonDivisor(weights);
  const largest = Math.floor(Math.max(0, ...weights) / divisor);
  const shift = Math.max(0, bitLength(largest) - Math.floor(kernel.mhIndex / 2));
  return ({lastWeight}) =>
    lastWeight === 0 ? 0 : Math.max(1, Math.floor(lastWeight / divisor) >> shift);
}

/** Position of the highest bit set, from 1; 0 for 0: the kernel's fls. */
const bitLength = (value: number): number => 32 - Math.clz32(value);
