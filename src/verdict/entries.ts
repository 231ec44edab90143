import {parseConnections} from '../ipvs/connections.ts';
import type {ConnectionEntry} from '../ipvs/types.ts';
import {InputError} from '../problem.ts';
import {tupleKey} from '../trace/essence.ts';
import {groupBy} from '../trace/group.ts';
import {isReset} from '../wire/packet.ts';
import type {Account} from './account.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {protocolNumbers, type Connection} from './connections.ts';
import {destinationOf, word} from './endpoint.ts';
import {statesOf} from './entry-states.ts';
import {listable} from './expiry.ts';
import {entryOf} from './ftp-entry.ts';

/**
 * Each connection must be in `ipvsadm -Lnc` of the node, with the real server that its packets reached and the state in which
 * they left it. An entry of a connection that no capture has tells that they lack frames.
 */
export function accountOfEntries(judged: Case, node: string, proves: readonly string[]): Account {
  const draft = new CheckDraft(
    'entries',
    `ipvsadm -Lnc on ${node} shows the connections that the packets show`,
    proves,
  );
  const place = `${node}: ipvsadm -Lnc`;
  let entries: readonly ConnectionEntry[];
  try {
    entries = parseConnections(judged.run.text(node, 'ipvsadm-Lnc'), place);
  } catch (error) {
    // What a node printed is evidence: when it is no listing of entries, then none are there.
    if (!(error instanceof InputError)) throw error;
    draft.fail({
      field: 'entry',
      expected: 'a listing of entries',
      actual: error.problems[0]?.what ?? '',
      place,
    });
    return {check: draft.done(), doubts: []};
  }
  if (judged.expectation.onePacket === true) {
    checkNoEntries(judged, node, entries, draft);
    return {check: draft.done(), doubts: []};
  }
  const {protocol} = judged.expectation;
  const byEnds = groupBy(entries, keyOf);
  const again = new Set<string>();
  for (const connection of listable(judged)) {
    draft.judge();
    const key = tupleKey(connection.flow.tuple);
    // One that comes again from the same port may go on with the entry of the one before.
    const states = again.has(key) ? undefined : statesOf(judged, connection, node);
    again.add(key);
    const expected = wantedOf(judged, connection);
    const found = byEnds.get(`${protocol} ${expected.client} ${expected.virtual}`) ?? [];
    // An entry in the state CLOSE lives for 10 s (ip_vs_proto_tcp.c, tcp_timeouts); collecting may come later.
    const gone = wasReset(connection, node) || (states?.has('CLOSE') ?? false);
    if (found.length === 0 && !gone)
      draft.fail({
        field: 'entry',
        expected: `${expected.client} ${expected.virtual} ${expected.destination}`,
        actual: 'no entry',
        place,
      });
    for (const {destination, state} of found) {
      if (word(destination) !== expected.destination)
        draft.fail({
          field: 'entry.destination',
          expected: expected.destination,
          actual: word(destination),
          place,
        });
      if (states !== undefined && !states.has(state))
        draft.fail({
          field: 'entry.state',
          expected: `${expected.client} in ${[...states].join(' or ')}`,
          actual: state,
          place,
        });
    }
  }
  return {check: draft.done(), doubts: unseen(judged, entries, place)};
}

const keyOf = ({protocol, client, virtual}: ConnectionEntry): string =>
  `${protocol.toLowerCase()} ${word(client)} ${word(virtual)}`;

function wantedOf(
  judged: Case,
  connection: Connection,
): {readonly client: string; readonly virtual: string; readonly destination: string} {
  const {tuple} = connection.flow;
  const destination = destinationOf(judged, connection);
  return {
    client: word({address: tuple.source, port: tuple.sourcePort}),
    virtual: word(
      connection.virtual ?? {
        address: judged.virtual,
        port: judged.expectation.virtual.port,
      },
    ),
    destination: destination === undefined ? 'no destination' : word(destination),
  };
}

/** Entries, other than persistence templates, from addresses and ports that no flow has. */
export function unseen(judged: Case, entries: readonly ConnectionEntry[], place: string): string[] {
  const seen = new Set([
    ...judged.trace.flows.map(
      ({tuple}) =>
        `${tuple.protocol} ${word({address: tuple.source, port: tuple.sourcePort})} ${word({address: tuple.destination, port: tuple.destinationPort})}`,
    ),
    // In FTP's active mode the first packet does not come from the entry's client.
    ...judged.data.connections.map(connection => {
      const {client, virtual} = entryOf(judged, connection);
      return `${protocolNumbers.tcp} ${word(client)} ${word(virtual)}`;
    }),
  ]);
  const numbers: Readonly<Record<string, number>> = protocolNumbers;
  return entries
    .filter(({client}) => client.port !== 0)
    .filter(
      ({protocol, client, virtual}) =>
        !seen.has(`${numbers[protocol.toLowerCase()]} ${word(client)} ${word(virtual)}`),
    )
    .map(
      ({protocol, client, virtual}) =>
        `${place} has an entry of ${protocol} ${word(client)} to ${word(virtual)}, of which no capture has a packet`,
    );
}

/** One-packet scheduling leaves no entry of a connection (ip_vs_conn.c, ip_vs_conn_put). */
function checkNoEntries(
  {connections, run}: Case,
  node: string,
  entries: readonly ConnectionEntry[],
  draft: CheckDraft,
): void {
  const place = `${node}: ipvsadm -Lnc`;
  // A listing that could not be made has no entries either.
  const title = 'IPVS connection entries';
  if (!run.text(node, 'ipvsadm-Lnc').startsWith(title)) {
    draft.fail({field: 'entry', expected: title, actual: 'no listing', place});
    return;
  }
  draft.judge(connections.length);
  const clients = new Set(
    connections.map(({flow: {tuple}}) => word({address: tuple.source, port: tuple.sourcePort})),
  );
  for (const {client} of entries.filter(entry => clients.has(word(entry.client))))
    draft.fail({field: 'entry', expected: 'no entry', actual: `one of ${word(client)}`, place});
}

/** Whether an RST of the connection came to the node. That it may come at all is judged with the connections. */
const wasReset = ({request, reply}: Connection, node: string): boolean =>
  [...request, ...reply].some(({crossings}) =>
    crossings.some(({to, any}) => to === node && isReset(any.packet)),
  );
