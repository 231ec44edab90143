import {groupBy} from '../trace/group.ts';
import {parseConnections} from '../ipvs/connections.ts';
import type {ConnectionEntry} from '../ipvs/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {checkCompleteness} from './connection-checks.ts';
import {statesOf} from './entry-states.ts';
import {entryOf, wordOfEntry} from './ftp-entry.ts';
import {checkOnce} from './once.ts';
import {checkOrder} from './order.ts';
import {checkPaths} from './path-checks.ts';
import {readPrinted} from './printed.ts';
import type {Check, Ftp} from './types.ts';

/** Checks on the data connections of FTP: as many as announced, their paths, and the entries that carry them. */
export function checkFtp(judged: Case): readonly Check[] {
  const {ftp} = judged.expectation;
  if (ftp === undefined) return [];
  const data: Case = {...judged, ...judged.data, connections: judged.data.connections};
  return [
    checkAnnounced(judged, ftp),
    checkEntries(judged, ftp),
    ...[
      ...checkPaths(data, 'request'),
      ...checkPaths(data, 'reply'),
      checkCompleteness(data),
      checkOnce(data),
      checkOrder(data),
    ].map(check => ({
      ...check,
      id: `data.${check.id}`,
      title: `data connection: ${check.title}`,
    })),
  ];
}

/** Each transfer is announced on its control connection, by the command that the lab names, and made once. */
function checkAnnounced({connections, data}: Case, {command, transfers, proves}: Ftp): Check {
  const draft = new CheckDraft(
    'data.connections',
    `each ${command} with a data connection of its own`,
    proves,
  );
  const announced = connections.flatMap(({control}) => control?.announced ?? []);
  draft.judge(announced.length);
  const count = (expected: number, actual: number, what: string): void => {
    if (expected !== actual)
      draft.fail({field: 'connections', expected: `${expected} ${what}`, actual: String(actual)});
  };
  count(transfers, announced.length, 'announced');
  count(transfers, data.connections.length, 'data connections');
  for (const one of announced)
    if (one.command !== command)
      draft.fail({
        field: 'ftp',
        expected: command,
        actual: one.command,
        place: 'control connection',
      });
  return draft.done();
}

/** Each data connection is carried by an entry, to the real server of its control connection (ip_vs_ftp.c). */
function checkEntries(judged: Case, {proves}: Ftp): Check {
  const node = judged.expectation.entries?.node ?? 'director';
  const place = `${node}: ipvsadm -Lnc`;
  const draft = new CheckDraft(
    'data.entries',
    `ipvsadm -Lnc on ${node} shows the data connections that the packets show`,
    proves,
  );
  const listed = groupBy(entriesOf(judged, node, place), wordOfEntry);
  for (const connection of judged.data.connections) {
    draft.judge();
    const expected = wordOfEntry(entryOf(judged, connection));
    const found = listed.get(expected) ?? [];
    if (found.length === 0) draft.fail({field: 'entry', expected, actual: 'no such entry', place});
    // The helper makes the entry before there is a packet of the connection (ip_vs_ftp.c, ip_vs_tcp_conn_listen).
    const byServer = connection.flow.origin === connection.server?.node;
    const states = statesOf(judged, connection, node, {state: 'LISTEN', byServer});
    for (const {state} of found)
      if (states !== undefined && !states.has(state))
        draft.fail({
          field: 'entry.state',
          expected: `${expected} in ${[...states].join(' or ')}`,
          actual: state,
          place,
        });
  }
  return draft.done();
}

/** What is no listing has no entries. */
const entriesOf = ({run}: Case, node: string, place: string): readonly ConnectionEntry[] =>
  readPrinted(() => parseConnections(run.text(node, 'ipvsadm-Lnc'), place)) ?? [];
