import {groupBy} from '../trace/group.ts';
import type {Account} from './account.ts';
import {accountOfCounters} from './agreement.ts';
import {connectionsAsked, ranOut} from './asked.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {countedAt} from './counted.ts';
import type {Connection} from './connections.ts';
import {word} from './endpoint.ts';
import {accountOfEntries} from './entries.ts';
import {checkTable} from './table.ts';
import {checkTemplates} from './templates.ts';
import type {Check} from './types.ts';

/** What IPVS and the client say themselves against what the packets show. */
export function accountsOf(judged: Case): readonly Account[] {
  const {entries, schedule, counters, ftp} = judged.expectation;
  const proves = entries?.proves ?? [];
  return [
    ...(entries === undefined ? [] : [accountOfEntries(judged, entries.node, proves)]),
    ...(entries === undefined || schedule?.service.persistence === undefined
      ? []
      : [{check: checkTemplates(judged, schedule, entries.node, proves), doubts: []}]),
    {check: checkAnswers(judged), doubts: missingDatagrams(judged)},
    ...(counters?.nodes ?? []).flatMap(node => [
      accountOfCounters(judged.run, node, countedAt(judged, node), counters?.proves ?? []),
      {
        check: checkTable(judged.run, node, counters?.proves ?? [], ftp !== undefined),
        doubts: [],
      },
    ]),
  ];
}

/** Could not connect (curl(1), EXIT CODES). */
const refusedCode = 7;

/**
 * Clients' ports whose answers the captures have fewer datagrams of than the client got: no other packet tells of a datagram that is
 * missing everywhere.
 */
function missingDatagrams({connections, expectation, run}: Case): readonly string[] {
  if (expectation.protocol !== 'udp') return [];
  const seen = groupBy(connections, ({flow: {tuple}}) =>
    word({address: tuple.source, port: tuple.sourcePort}),
  );
  const answered = groupBy(
    run.record.requests.filter(request => request.answered),
    ({localAddress, localPort}) => word({address: localAddress, port: localPort}),
  );
  return [...answered].flatMap(([source, {length}]) => {
    const own = seen.get(source) ?? [];
    const fewest = Math.min(
      own.reduce((sum, {request}) => sum + request.length, 0),
      own.reduce((sum, {reply}) => sum + reply.length, 0),
    );
    return fewest < length
      ? [
          `${source} got ${length} answers, and the captures have ${fewest} datagrams of a direction`,
        ]
      : [];
  });
}

/** Each request must have been answered with status 200, by the real server that its packets reached. */
export function checkAnswers(judged: Case): Check {
  const draft = new CheckDraft(
    'answers',
    judged.expectation.answers.refused === true
      ? 'each request refused'
      : 'each request answered by the real server that its packets reached',
    judged.expectation.answers.proves ?? [],
  );
  // A datagram that was refused on its way has no answer.
  const refused = new Map(
    judged.expectation.protocol === 'udp'
      ? judged.connections.map(one => [
          one,
          one.request.filter(path => judged.refused.has(path)).length,
        ])
      : [],
  );
  const isExcused = (connection: Connection | undefined): boolean => {
    const left = connection === undefined ? 0 : (refused.get(connection) ?? 0);
    if (connection !== undefined && left > 0) refused.set(connection, left - 1);
    return left > 0;
  };
  for (const [i, {request, connection}] of connectionsAsked(judged).entries()) {
    draft.judge();
    const place = `request ${i + 1} from ${request.client} port ${request.localPort}`;
    if (judged.expectation.answers.refused === true) {
      if (request.answered || request.exitCode !== refusedCode)
        draft.fail({
          field: 'answer',
          expected: 'refused',
          actual: request.answered ? 'answered' : `curl exit code ${request.exitCode}`,
          place,
        });
    } else if (!request.answered && isExcused(connection)) continue;
    else if (!request.answered)
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
      draft.fail({field: 'packets', expected: 'packets of the request', actual: 'none', place});
    else if (ranOut(request) && request.answeredBy === '')
      continue; // cut off before the answer's end, which names its node
    else if (connection.server === undefined || connection.server.node !== request.answeredBy)
      draft.fail({
        field: 'answer',
        expected: connection.server?.node ?? 'a real server',
        actual: request.answeredBy || 'nobody',
        place,
      });
  }
  // With one-packet scheduling each message is a connection.
  const each = judged.expectation.onePacket === true;
  const opened = judged.run.record.requests.filter(({message}) => message === 1 || each).length;
  if (opened !== judged.connections.length)
    draft.fail({
      field: 'packets',
      expected: `a request for each of ${judged.connections.length} connections`,
      actual: `${opened} connections asked on`,
    });
  return draft.done();
}
