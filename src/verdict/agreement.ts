import {parsePerCpu} from '../ipvs/percpu.ts';
import {parseStats, type ServiceCounters} from '../ipvs/stats.ts';
import type {Counters} from '../ipvs/types.ts';
import {InputError} from '../problem.ts';
import {canonical} from '../topology/ip.ts';
import {CheckDraft} from './checks.ts';
import type {Case} from './case.ts';
import {isCounted, packetsOf, sumOf, type Seen} from './counted.ts';
import {destinationOf, word} from './endpoint.ts';
import type {Check} from './types.ts';

/**
 * What IPVS counted against what the packets at the director show: for all services together as each processor counts
 * (`/proc/net/ip_vs_stats_percpu`), for the services, and for each real server (`ipvsadm -Ln --stats --exact`).
 */
export function checkAgreement(judged: Case, node: string): Check {
  const draft = new CheckDraft('agreement', `IPVS on ${node} counted what the packets show`);
  const connections = judged.connections.filter(({server}) => server !== undefined);
  const seen = packetsOf(judged, node, connections);
  draft.judge(connections.length);
  const total = parsePerCpu(judged.run.text(node, 'ip-vs-stats-percpu'));
  if (total === undefined) {
    draft.fail({
      field: 'counters',
      expected: 'counters of each processor',
      actual: 'none',
      place: `${node}: /proc/net/ip_vs_stats_percpu`,
    });
    return draft.done();
  }
  const exact = isCounted(judged, node);
  compare(draft, `${node}: /proc/net/ip_vs_stats_percpu`, seen, total, exact);
  // A service that was set up again counts from 0.
  if (judged.expectation.same !== undefined) return draft.done();
  const place = `${node}: ipvsadm -Ln --stats`;
  const services = readStats(judged.run.text(node, 'ipvsadm-stats'), place);
  if (typeof services === 'string') {
    draft.fail({field: 'counters', expected: 'counters of the service', actual: services, place});
    return draft.done();
  }
  compare(draft, place, seen, sumOf(services.map(({counters}) => counters)), exact);
  // One that was taken out and put in again may count from 0.
  const changed =
    judged.expectation.health !== undefined ||
    judged.run.record.events.some(({edit}) => edit.kind !== 'edit');
  if (changed) return draft.done();
  // With a firewall mark a real server has any port, which is listed as 0.
  for (const name of new Set(services.flatMap(({realServers}) => realServers.map(word))))
    compare(
      draft,
      `${place}, ${name}`,
      packetsOf(
        judged,
        node,
        connections.filter(connection => {
          const destination = destinationOf(judged, connection);
          return (
            destination !== undefined &&
            [word(destination), `${canonical(destination.address)}:0`].includes(name)
          );
        }),
      ),
      // A real server may be in several services.
      sumOf(
        services.flatMap(({realServers}) =>
          realServers.filter(server => word(server) === name).map(({counters}) => counters),
        ),
      ),
      exact,
    );
  return draft.done();
}

const words = {
  connections: 'connections',
  packetsIn: 'packets in',
  packetsOut: 'packets out',
  bytesIn: 'IP bytes in',
  bytesOut: 'IP bytes out',
} as const;
const fields = ['connections', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'] as const;

function compare(
  draft: CheckDraft,
  place: string,
  seen: Seen,
  counted: Counters,
  exact: boolean,
): void {
  draft.judge();
  for (const field of exact ? fields : (['connections'] as const))
    if (
      counted[field] < (field === 'connections' ? seen.entries : seen[field]) ||
      counted[field] > seen[field]
    )
      draft.fail({
        field: `ipvs.${field}`,
        expected: `${seen[field]} ${words[field]}, as the packets show`,
        actual: `${counted[field]} counted`,
        place,
      });
}

/** The counters of all services, or why the text has none: what a node printed is evidence. */
function readStats(text: string, place: string): readonly ServiceCounters[] | string {
  try {
    return parseStats(text, place);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems[0]?.what ?? 'not readable';
  }
}
