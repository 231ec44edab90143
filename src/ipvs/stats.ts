import {listedKey, listedLines} from './listing.ts';
import {parseCount, parseEndpoint, type Endpoint, type Line} from './text.ts';
import type {Counters, ServiceKey} from './types.ts';

/** The counters of a service and of its real servers. */
export interface ServiceCounters {
  readonly key: ServiceKey;
  readonly counters: Counters;
  readonly realServers: readonly (Endpoint & {readonly counters: Counters})[];
}

/**
 * Reads `ipvsadm -Ln --stats --exact`. The kernel sums its counters up every two seconds (ip_vs_est.c), so they lag behind
 * the traffic. Throws InputError naming line and column; without --exact counters may be cut (`12K`), which is one.
 */
export const parseStats = (
  text: string,
  where = 'ipvsadm -Ln --stats --exact',
): readonly ServiceCounters[] =>
  listedLines(text, where).map(({service, realServers}) => ({
    key: listedKey(service),
    counters: countersOf(service),
    realServers: realServers.map(line => ({
      ...line.read('an address and port', parseEndpoint),
      counters: countersOf(line),
    })),
  }));

function countersOf(line: Line): Counters {
  const count = (what: string) => line.read(`a number of ${what}`, parseCount);
  const counters = {
    connections: count('connections'),
    packetsIn: count('packets in'),
    packetsOut: count('packets out'),
    bytesIn: count('bytes in'),
    bytesOut: count('bytes out'),
  };
  line.end();
  return counters;
}
