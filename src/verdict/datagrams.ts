import {groupBy} from '../trace/group.ts';
import {connectionsAsked} from './asked.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Check} from './types.ts';

/**
 * Over UDP each message is one datagram, and each answer: as many as the client tells of. [] over other protocols. Fewer than
 * were answered are no failure but a loss of the captures, of which the account of answers tells.
 */
export function checkDatagrams(judged: Case): readonly Check[] {
  if (judged.expectation.protocol !== 'udp') return [];
  const draft = new CheckDraft('datagrams', 'a datagram for each message and for each answer');
  for (const [connection, asked] of groupBy(connectionsAsked(judged), ({connection: one}) => one)) {
    if (connection === undefined) continue;
    draft.judge();
    const answered = asked.filter(({request}) => request.answered).length;
    const place = `connection ${judged.connections.indexOf(connection) + 1}`;
    const wanted = {request: asked.length, reply: answered};
    for (const direction of ['request', 'reply'] as const)
      if (
        connection[direction].length !== wanted[direction] &&
        connection[direction].length >= answered
      )
        draft.fail({
          field: 'path',
          expected: `${wanted[direction]} of the ${direction}`,
          actual: String(connection[direction].length),
          place,
        });
  }
  return [draft.done()];
}
