import {isReset} from '../wire/packet.ts';
import type {Path} from '../trace/types.ts';
import {compareBehaviour} from './behaviour.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import {answersLateSegment} from './late-reset.ts';
import {observeConnection} from './normalise.ts';
import type {Check, SameTwice} from './types.ts';

/**
 * Whether the service behaves the same as keepalived configures it as when ipvsadm did: `ipvsadm -Sn` says the same of it,
 * and each connection takes the ways of the one with its number before, with the same real server.
 */
export function checkSame(judged: Case, {first, proves}: SameTwice): Check {
  const draft = new CheckDraft(
    'same',
    'the same services and packets by ipvsadm and by keepalived',
    proves,
  );
  const director = judged.expectation.entries?.node ?? 'director';
  const services = (name: string): string =>
    judged.run.text(director, name).trim().split('\n').toSorted().join('\n');
  const [before, after] = ['configured-by-ipvsadm', 'configured-by-keepalived'].map(services);
  draft.judge(before === '' ? 0 : 1);
  if (before !== after || before === '')
    draft.fail({
      field: 'service',
      expected: before ?? '',
      actual: after ?? '',
      place: `${director}: ipvsadm -Sn`,
    });
  const [one, other] = [judged.connections.slice(0, first), judged.connections.slice(first)];
  if (one.length !== first || other.length !== first)
    draft.fail({
      field: 'connections',
      expected: `${first} by each`,
      actual: `${one.length} and ${other.length}`,
    });
  for (const [i, connection] of one.entries()) {
    const again = other[i];
    if (again === undefined) continue;
    draft.judge(connection.flow.paths.length + again.flow.paths.length);
    const [a, b] = [connection, again].map(which => observe(judged, which));
    for (const {what, a: was, b: is} of compareBehaviour(a ?? [], b ?? []))
      draft.fail({
        field: what,
        expected: was ?? 'nothing',
        actual: is ?? 'nothing',
        place: `connection ${i + 1 + first} against connection ${i + 1}`,
      });
  }
  return draft.done();
}

const observe = ({names, expectation}: Case, connection: Connection) =>
  observeConnection(address => names.name(address) ?? address, withoutLate(connection), {
    of: 'connection',
    ports: new Set([expectation.virtual.port, ...expectation.realServers.map(({port}) => port)]),
  });

/** An RST that only answers a late segment comes when the machine is slow, not by who configured the service. */
function withoutLate(connection: Connection): Connection {
  const {request, reply} = connection;
  const kept = (own: readonly Path[], others: readonly Path[]): readonly Path[] =>
    own.filter(path => !resets(path) || !answersLateSegment(path, own, others));
  return {...connection, request: kept(request, reply), reply: kept(reply, request)};
}

const resets = ({crossings: [first]}: Path): boolean =>
  first !== undefined && isReset(first.any.packet);
