import {groupBy} from '../trace/group.ts';
import type {Account} from './account.ts';
import {accountOfCounters} from './agreement.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import {word} from './endpoint.ts';
import {accountOfEntries} from './entries.ts';
import {checkTable} from './table.ts';
import {checkTemplates} from './templates.ts';
import type {Check} from './types.ts';

/** What IPVS and the client say themselves against what the packets show. */
export function accountsOf(judged: Case): readonly Account[] {
  const {entries, schedule, counters} = judged.expectation;
  const proves = entries?.proves ?? [];
  return [
    ...(entries === undefined ? [] : [accountOfEntries(judged, entries.node, proves)]),
    ...(entries === undefined || schedule?.service.persistence === undefined
      ? []
      : [{check: checkTemplates(judged, schedule.service, entries.node, proves), doubts: []}]),
    {check: checkAnswers(judged), doubts: []},
    ...(counters?.nodes ?? []).flatMap(node => [
      accountOfCounters(judged, node, counters?.proves ?? []),
      {check: checkTable(judged, node, counters?.proves ?? []), doubts: []},
    ]),
  ];
}

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
      draft.fail({field: 'packets', expected: 'packets of the request', actual: 'none', place});
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
      field: 'packets',
      expected: `a request for each of ${judged.connections.length} connections`,
      actual: `${opened} connections asked on`,
    });
  return draft.done();
}
