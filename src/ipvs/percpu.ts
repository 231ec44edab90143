import type {Counters} from './types.ts';

/**
 * Sums up `/proc/net/ip_vs_stats_percpu` (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_stats_percpu_show): what all services of the
 * network namespace counted, without delay, in hexadecimal, a line a processor up to the line `~`. Undefined when it is none.
 */
export function parsePerCpu(text: string): Counters | undefined {
  const lines = text.split('\n').map(line => line.trim().split(/\s+/));
  const end = lines.findIndex(([first]) => first === '~');
  const rows = lines.slice(2, end);
  if (end < 3 || !rows.every(row => row.length === 6 && row.every(word => /^[\dA-F]+$/.test(word))))
    return undefined;
  const sum = (column: number): number =>
    rows.reduce((all, row) => all + Number.parseInt(row[column] ?? '', 16), 0);
  return {
    connections: sum(1),
    packetsIn: sum(2),
    packetsOut: sum(3),
    bytesIn: sum(4),
    bytesOut: sum(5),
  };
}
