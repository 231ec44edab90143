import {parsePerCpu} from '../ipvs/percpu.ts';
import {parseStats, type ServiceCounters} from '../ipvs/stats.ts';
import type {Counters} from '../ipvs/types.ts';
import {InputError} from '../problem.ts';
import {canonical} from '../topology/ip.ts';
import type {Account} from './account.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {boundsOf, countedAt, sumOf, type Bounds, type Counted} from './counted.ts';
import {destinationOf, word} from './endpoint.ts';
import {presenceAt, type Level} from './presence.ts';

/**
 * What IPVS on a director counted against what the packets that were seen there show: for all services together as each processor
 * counts, which is never late (`/proc/net/ip_vs_stats_percpu`), for the services, and for each real server (`ipvsadm -Ln --stats
 * --exact`). Less than the packets show is a failure; more tells that the captures lack frames.
 */
export function accountOfCounters(judged: Case, node: string, proves: readonly string[]): Account {
  const draft = new CheckDraft(
    `agreement.${node}`,
    `IPVS on ${node} counted what the packets show`,
    proves,
  );
  const doubts: string[] = [];
  const missing = (actual: string, place: string): Account => {
    draft.fail({field: 'counters', expected: 'counters', actual, place});
    return {check: draft.done(), doubts};
  };
  const all = countedAt(judged, node);
  const presence = presenceAt(judged.run, node);
  const boundsAt = (level: Level, things: readonly Counted[]): Bounds =>
    boundsOf(things, ({connection, at}) => presence(level, connection?.server?.address, at));

  const processors = `${node}: /proc/net/ip_vs_stats_percpu`;
  const total = parsePerCpu(judged.run.text(node, 'ip-vs-stats-percpu'));
  if (total === undefined) return missing('none of any processor', processors);
  const compare = (place: string, bounds: Bounds, counted: Counters, late: boolean): void => {
    draft.judge();
    for (const field of fields) {
      const [least, most, actual] = [bounds.least[field], bounds.most[field], counted[field]];
      const said = `${place}: ${actual} ${words[field]} counted`;
      if (actual > most) doubts.push(`${said}, the captures have ${most}`);
      else if (actual < least && late)
        doubts.push(`${said} of ${least}: the kernel had not summed them up`);
      else if (actual < least)
        draft.fail({
          field: `ipvs.${field}`,
          expected: `${least} ${words[field]}, as the packets show`,
          actual: `${actual} counted`,
          place,
        });
    }
  };
  compare(processors, boundsAt('all', all), total, false);

  const state = judged.run.text(node, 'ipvsadm-stats-state').trim();
  // Nobody waited for the sums.
  if (state === 'unknown') return {check: draft.done(), doubts};
  const late = state !== 'equal' && state !== 'still';
  const place = `${node}: ipvsadm -Ln --stats`;
  const services = readStats(judged.run.text(node, 'ipvsadm-stats'), place);
  if (typeof services === 'string') return missing(services, place);
  const servicesBounds = boundsAt('services', all);
  compare(place, servicesBounds, sumOf(services.map(({counters}) => counters)), late);
  const listed = byServer(services);
  for (const [name, counters] of listed) {
    const own = all.filter(
      ({connection}) => connection === undefined || isAt(judged, connection, [name]),
    );
    compare(`${place}, ${name}`, boundsAt('realServers', own), counters, late);
  }
  const unlisted = all.filter(
    ({connection}) => connection !== undefined && !isAt(judged, connection, [...listed.keys()]),
  );
  const {least} = boundsAt('realServers', unlisted);
  if (least.packetsIn > 0)
    draft.fail({
      field: 'ipvs.packetsIn',
      expected: `${least.packetsIn} packets in at real servers that are listed`,
      actual: 'no counters of them',
      place,
    });
  return {check: draft.done(), doubts};
}

/** A real server may be in several services. */
const byServer = (services: readonly ServiceCounters[]): ReadonlyMap<string, Counters> => {
  const found = new Map<string, Counters>();
  for (const server of services.flatMap(({realServers}) => realServers)) {
    const before = found.get(word(server));
    found.set(word(server), sumOf([server.counters, ...(before === undefined ? [] : [before])]));
  }
  return found;
};

/** With a firewall mark a real server has any port, which is listed as 0. */
function isAt(
  judged: Case,
  connection: NonNullable<Counted['connection']>,
  names: readonly string[],
): boolean {
  const destination = destinationOf(judged, connection);
  return (
    destination !== undefined &&
    (names.includes(word(destination)) || names.includes(`${canonical(destination.address)}:0`))
  );
}

const words = {
  connections: 'connections',
  packetsIn: 'packets in',
  packetsOut: 'packets out',
  bytesIn: 'IP bytes in',
  bytesOut: 'IP bytes out',
} as const;
const fields = ['connections', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'] as const;

/** The counters of all services, or why the text has none: what a node printed is evidence. */
function readStats(text: string, place: string): readonly ServiceCounters[] | string {
  try {
    return parseStats(text, place);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems[0]?.what ?? 'not readable';
  }
}
