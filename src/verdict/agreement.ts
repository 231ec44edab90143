import {parsePerCpu} from '../ipvs/percpu.ts';
import {parseStats, type ServiceCounters} from '../ipvs/stats.ts';
import type {Counters} from '../ipvs/types.ts';
import {InputError} from '../problem.ts';
import type {RunFolder} from '../run-folder/types.ts';
import {canonical} from '../topology/ip.ts';
import type {Account} from './account.ts';
import {CheckDraft} from './checks.ts';
import {boundsOf, sumOf, type Bounds, type Counted} from './counted.ts';
import {word} from './endpoint.ts';
import {presenceAt, type Level} from './presence.ts';

/**
 * What IPVS on a director counted against `all` that the packets that were seen there show: for all services together as each processor
 * counts, which is never late (`/proc/net/ip_vs_stats_percpu`), for the services, and for each real server (`ipvsadm -Ln --stats
 * --exact`). Less than the packets show is a failure; more tells that the captures lack frames. Where `net.ipv4.vs.run_estimation`
 * is 0 at the end nobody sums up for services and real servers (ip_vs_est.c), so the processors alone are asked. The check's title
 * says that, and of how much nobody can tell whether it was counted.
 */
export function accountOfCounters(
  run: RunFolder,
  node: string,
  all: readonly Counted[],
  proves: readonly string[],
): Account {
  const stopped = /^net\.ipv4\.vs\.run_estimation = 0$/m.test(run.text(node, 'sysctl'));
  const unsure = all.filter(({sure}) => !sure).length;
  const without = [
    unsure === 0 ? '' : `; ${unsure} packets or connections may be among it or not`,
    stopped ? '; run_estimation=0: services and real servers are not summed up' : '',
  ].join('');
  const draft = new CheckDraft(
    `agreement.${node}`,
    `IPVS on ${node} counted what the packets show${without}`,
    proves,
  );
  const doubts: string[] = [];
  const missing = (actual: string, place: string): Account => {
    draft.fail({field: 'counters', expected: 'counters', actual, place});
    return {check: draft.done(), doubts};
  };
  const presence = presenceAt(run, node);
  const boundsAt = (level: Level, things: readonly Counted[], several = false): Bounds =>
    boundsOf(things, ({server, at}) => {
      if (typeof server !== 'string') return presence(level, server.address, at);
      const certainty = presence(level, undefined, at);
      // Of one of several, and nobody can tell of which.
      return certainty === 'sure' && several ? 'maybe' : certainty;
    });

  const processors = `${node}: /proc/net/ip_vs_stats_percpu`;
  const total = parsePerCpu(run.text(node, 'ip-vs-stats-percpu'));
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

  const state = run.text(node, 'ipvsadm-stats-state').trim();
  // Nobody waited for the sums, or there are none to wait for.
  if (stopped || state === 'unknown') return {check: draft.done(), doubts};
  const late = state !== 'equal' && state !== 'still';
  const place = `${node}: ipvsadm -Ln --stats`;
  const services = readStats(run.text(node, 'ipvsadm-stats'), place);
  if (typeof services === 'string') return missing(services, place);
  const servicesBounds = boundsAt('services', all);
  compare(place, servicesBounds, sumOf(services.map(({counters}) => counters)), late);
  const listed = byServer(services);
  for (const [name, counters] of listed) {
    const own = all.filter(({server}) => server === 'any' || isAt(server, [name]));
    compare(`${place}, ${name}`, boundsAt('realServers', own, listed.size > 1), counters, late);
  }
  const unlisted = all.filter(({server}) => server !== 'any' && !isAt(server, [...listed.keys()]));
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
const isAt = (server: Counted['server'], names: readonly string[]): boolean =>
  typeof server !== 'string' &&
  (names.includes(word(server)) || names.includes(`${canonical(server.address)}:0`));

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
