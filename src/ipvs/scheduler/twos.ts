import {available, overhead} from './load.ts';
import type {ServerState} from './types.ts';

/**
 * The chance of each server at the next choice of twos, in the order of `servers`: two servers are drawn by weight, and
 * the one with the lower overhead for its weight wins, the first drawn of equal ones (ip_vs_twos.c,
 * ip_vs_twos_schedule; since Linux 5.12). The draw is from 0 to the sum of weights, both included, so the first
 * available server has one part more than its weight. All 0 when none is available.
 */
export function twosChances(servers: readonly ServerState[]): readonly number[] {
  const candidates = servers.filter(available);
  const parts = candidates.map(({weight}, index) => weight + (index === 0 ? 1 : 0));
  const total = parts.reduce((sum, part) => sum + part, 0);
  const chances = new Map<ServerState, number>();
  candidates.forEach((first, i) =>
    candidates.forEach((second, j) => {
      const winner =
        second.weight * overhead(first) > first.weight * overhead(second) ? second : first;
      const chance = ((parts[i] ?? 0) * (parts[j] ?? 0)) / total ** 2;
      chances.set(winner, (chances.get(winner) ?? 0) + chance);
    }),
  );
  return servers.map(server => chances.get(server) ?? 0);
}

/** One choice of a random scheduler: the servers' chances before it, and the index of the one chosen. */
export interface Draw {
  readonly chances: readonly number[];
  readonly chosen: number;
}

/**
 * How far the choices of each server are from what its chances let expect, in standard deviations: beyond 5 either way
 * in one of a million samples. Infinite when a server with no chance was chosen, or one with certainty was not.
 */
export function deviations(draws: readonly Draw[]): readonly number[] {
  const count = Math.max(0, ...draws.map(({chances}) => chances.length));
  return Array.from({length: count}, (_, server) => {
    const chances = draws.map(draw => draw.chances[server] ?? 0);
    const expected = chances.reduce((sum, chance) => sum + chance, 0);
    const variance = chances.reduce((sum, chance) => sum + chance * (1 - chance), 0);
    const excess = draws.filter(({chosen}) => chosen === server).length - expected;
    if (Math.abs(excess) < 1e-9) return 0;
    return excess / Math.sqrt(Math.max(0, variance));
  });
}
