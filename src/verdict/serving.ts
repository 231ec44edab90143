import type {RunRecord} from '../run-folder/types.ts';

/** Whether a real server's server ran at a time (nanoseconds): while it was started or stopped nobody knows. */
export function servingAt(
  {serving = []}: Pick<RunRecord, 'serving'>,
  node: string,
  at: bigint,
): 'up' | 'down' | 'changing' {
  const own = serving.filter(one => one.node === node);
  if (own.some(({from, to}) => at >= BigInt(from) && at <= BigInt(to))) return 'changing';
  const last = own.findLast(({to}) => BigInt(to) < at);
  return last === undefined || last.up ? 'up' : 'down';
}
