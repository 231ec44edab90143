import {InputError} from '../problem.ts';
import {parseConnections} from '../ipvs/connections.ts';
import type {ConnectionEntry} from '../ipvs/types.ts';
import {groupBy} from '../trace/group.ts';
import {isReset} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import {listable} from './expiry.ts';
import {destinationOf, word} from './endpoint.ts';
import {checkTemplates} from './templates.ts';
import type {Check} from './types.ts';

/** Checks of what IPVS and the client say themselves against what the packets show. */
export function checkRecords(judged: Case): readonly Check[] {
  const {entries, schedule} = judged.expectation;
  return [
    ...(entries === undefined ? [] : [checkEntries(judged, entries.node, entries.proves ?? [])]),
    ...(entries === undefined || schedule?.service.persistence === undefined
      ? []
      : [checkTemplates(judged, schedule, entries.node, entries.proves ?? [])]),
    checkAnswers(judged),
  ];
}

/** Each connection must be in `ipvsadm -Lnc`, with the real server that its packets reached. */
function checkEntries(judged: Case, node: string, proves: readonly string[]): Check {
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
    return draft.done();
  }
  if (judged.expectation.onePacket === true) {
    checkNoEntries(judged, node, entries, draft);
    return draft.done();
  }
  for (const connection of listable(judged)) {
    draft.judge();
    const {tuple} = connection.flow;
    const client = {address: tuple.source, port: tuple.sourcePort};
    const virtual = connection.virtual ?? {
      address: judged.virtual,
      port: judged.expectation.virtual.port,
    };
    const destination = destinationOf(judged, connection);
    const found = entries.filter(
      entry =>
        entry.protocol.toLowerCase() === judged.expectation.protocol &&
        word(entry.client) === word(client) &&
        word(entry.virtual) === word(virtual),
    );
    const expected = destination === undefined ? 'no destination' : word(destination);
    // An entry in the state CLOSE lives for 10 s (ip_vs_proto_tcp.c, tcp_timeouts); collecting may come later.
    if (found.length === 0 && !wasReset(connection, node))
      draft.fail({
        field: 'entry',
        expected: `${word(client)} ${word(virtual)} ${expected}`,
        actual: 'no entry',
        place,
      });
    for (const entry of found)
      if (word(entry.destination) !== expected)
        draft.fail({field: 'entry.destination', expected, actual: word(entry.destination), place});
  }
  return draft.done();
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

/** Each request must have been answered with status 200, by the real server that its packets reached. */
function checkAnswers(judged: Case): Check {
  const draft = new CheckDraft(
    'answers',
    'each request answered by the real server that its packets reached',
    judged.expectation.answers.proves ?? [],
  );
  // A port can be used again: its requests and its connections come in the same order.
  const bySource = groupBy(judged.connections, ({flow}) =>
    word({address: flow.tuple.source, port: flow.tuple.sourcePort}),
  );
  const {requests} = judged.run.record;
  // With one-packet scheduling each message is a connection.
  const each = judged.expectation.onePacket === true;
  let connection: Connection | undefined;
  for (const [i, request] of requests.entries()) {
    draft.judge();
    const place = `request ${i + 1} from ${request.client} port ${request.localPort}`;
    const source = {address: request.localAddress, port: request.localPort};
    // The further ones go on the same connection.
    if (request.message === 1 || each) connection = bySource.get(word(source))?.shift();
    if (!request.answered)
      draft.fail({
        field: 'answer',
        expected: 'status 200',
        actual:
          request.status === 0
            ? `no answer (curl exit code ${request.exitCode})`
            : `status ${request.status}`,
        place,
      });
    else if (connection === undefined)
      draft.fail({field: 'answer', expected: 'packets of the request', actual: 'none', place});
    else if (connection.server === undefined || connection.server.node !== request.answeredBy)
      draft.fail({
        field: 'answer',
        expected: connection.server?.node ?? 'a real server',
        actual: request.answeredBy || 'nobody',
        place,
      });
  }
  const opened = requests.filter(({message}) => message === 1 || each).length;
  if (opened !== judged.connections.length)
    draft.fail({
      field: 'answer',
      expected: `a request for each of ${judged.connections.length} connections`,
      actual: `${opened} connections asked on`,
    });
  return draft.done();
}
