/** What tcpdump says when it ends (tcpdump.c, info()). */
export interface Statistics {
  readonly captured: number;
  readonly receivedByFilter: number;
  readonly droppedByKernel: number;
  readonly droppedByInterface: number;
}

/**
 * Reads tcpdump's closing lines: `4 packets captured`, `4 packets received by filter`, `0 packets dropped by kernel` and,
 * not always, `0 packets dropped by interface`. Undefined when it was killed before it could write the first three.
 */
export function parseStatistics(text: string): Statistics | undefined {
  const count = (what: string): number | undefined => {
    const match = new RegExp(`^(\\d+) packets? ${what}$`, 'm').exec(text);
    return match === null ? undefined : Number(match[1]);
  };
  const captured = count('captured');
  const receivedByFilter = count('received by filter');
  const droppedByKernel = count('dropped by kernel');
  return captured === undefined || receivedByFilter === undefined || droppedByKernel === undefined
    ? undefined
    : {
        captured,
        receivedByFilter,
        droppedByKernel,
        droppedByInterface: count('dropped by interface') ?? 0,
      };
}
