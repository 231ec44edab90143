import {parseConnections} from '../ipvs/connections.ts';
import {parseListing} from '../ipvs/listing.ts';
import {parseProcTable, type TableRow} from '../ipvs/proc-table.ts';
import type {ConnectionEntry} from '../ipvs/types.ts';
import type {RunFolder} from '../run-folder/types.ts';
import {canonical} from '../topology/ip.ts';
import {groupBy} from '../trace/group.ts';
import {CheckDraft} from './checks.ts';
import {word} from './endpoint.ts';
import {readPrinted} from './printed.ts';
import type {Check} from './types.ts';

/**
 * Whether the three listings of a director say the same: `ipvsadm -Ln`, read before the entries, and `/proc/net/ip_vs`, read after
 * them, have the same real servers, methods and weights, and each real server as many active and inactive connections as
 * there are entries. A connection is active in these states (ip_vs_proto_tcp.c, tcp_state_active_table; _sctp.c); a UDP one never is.
 * An entry may end between the readings. Where real servers were taken out, entries of what they were may be left: only
 * the two tables are compared. `anyPort`: entries of a real server may be at other ports than its own.
 */
export function checkTable(
  run: RunFolder,
  node: string,
  proves: readonly string[],
  anyPort = false,
): Check {
  const draft = new CheckDraft(
    `table.${node}`,
    `ipvsadm -Ln, /proc/net/ip_vs and ipvsadm -Lnc on ${node} say the same`,
    proves,
  );
  const place = `${node}: ipvsadm -Ln`;
  const text = (name: string): string => run.text(node, name);
  const listed = readPrinted(() =>
    parseListing(text('ipvsadm-Ln')).flatMap(service => service.realServers),
  );
  const proc = parseProcTable(text('ip-vs'));
  const entries = readPrinted(() => parseConnections(text('ipvsadm-Lnc')));
  if (listed === undefined || proc === undefined || entries === undefined) {
    draft.fail({field: 'table', expected: 'three listings', actual: 'not all are there', place});
    return draft.done();
  }
  const before = listed.map(row => ({
    ...row,
    active: row.active ?? 0,
    inactive: row.inactive ?? 0,
  }));
  draft.judge();
  const [one, other] = [before, proc].map(rows => rows.map(settingOf).toSorted().join(', '));
  if (one !== other)
    draft.fail({
      field: 'table',
      expected: one ?? '',
      actual: other ?? '',
      place: `${node}: /proc/net/ip_vs`,
    });
  const {events, cleared = []} = run.record;
  const edited = [...events.filter(({edit}) => edit.kind !== 'edit'), ...cleared];
  if (edited.some(change => change.node === node)) return draft.done();
  // A real server may be in several services.
  const after = new Map(byServer(proc).map(row => [word(row), row]));
  for (const row of byServer(before)) {
    const own = entries.filter(entry => isOf(entry, row, anyPort));
    for (const kind of ['active', 'inactive'] as const) {
      draft.judge();
      const there = own.filter(entry => isActive(entry) === (kind === 'active')).length;
      if (there <= row[kind] && there >= (after.get(word(row))?.[kind] ?? row[kind])) continue;
      draft.fail({
        field: `table.${kind}`,
        expected: `${there} ${kind} connections at ${word(row)}, as there are entries`,
        actual: `${row[kind]}, then ${after.get(word(row))?.[kind] ?? 'not listed'}`,
        place,
      });
    }
  }
  return draft.done();
}

/** One row a real server, with the connections that it has in all its rows. */
const byServer = (rows: readonly TableRow[]): readonly TableRow[] =>
  [...groupBy(rows, word)].flatMap(([, [first, ...more]]) =>
    first === undefined
      ? []
      : [
          more.reduce(
            (sum, {active, inactive}) => ({
              ...sum,
              active: sum.active + active,
              inactive: sum.inactive + inactive,
            }),
            first,
          ),
        ],
  );

const settingOf = (row: TableRow): string => `${word(row)} ${row.listedForward} ${row.weight}`;

/**
 * An entry, but for templates, at the real server; with a firewall mark a real server has any port, listed as 0. FTP's data
 * connections are of the real server of their control connection, at other ports.
 */
const isOf = ({client, destination}: ConnectionEntry, row: TableRow, anyPort: boolean): boolean =>
  client.port !== 0 &&
  canonical(destination.address) === canonical(row.address) &&
  (anyPort || row.port === 0 || destination.port === row.port);

const activeStates: Readonly<Record<string, readonly string[]>> = {
  TCP: ['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'SYNACK'],
  SCTP: ['ESTABLISHED'],
};
const isActive = ({protocol, state}: ConnectionEntry): boolean =>
  activeStates[protocol]?.includes(state) ?? false;
