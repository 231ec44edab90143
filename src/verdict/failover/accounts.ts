import {parseConnections} from '../../ipvs/connections.ts';
import type {Endpoint} from '../../ipvs/text.ts';
import type {Account} from '../account.ts';
import {accountsOfIpvs} from '../agreed.ts';
import {CheckDraft} from '../checks.ts';
import type {Connection} from '../connections.ts';
import {countedAt} from '../counted.ts';
import {destinationOf, word} from '../endpoint.ts';
import {accountOfEntries, unseen} from '../entries.ts';
import {readPrinted, timePrinted} from '../printed.ts';
import type {FailoverCase} from './context.ts';
import type {HopsThrough} from './outage.ts';
import type {Sorted} from './sort.ts';
import {isOf, messagesOf} from './sync.ts';
import {isAlive} from './timeline.ts';

/**
 * What IPVS on each director says of itself: the entries of the connections whose last request went through it and, in run folders
 * that say what it was set up with, its services and its counters, by the packets that came to it while it was alive.
 */
export const accountsOfDirectors = (
  all: FailoverCase,
  hopsThrough: HopsThrough,
): readonly Account[] =>
  all.failover.directors.flatMap(director => [
    ...entriesOf(all, hopsThrough, director),
    ...countersOf(all, director),
  ]);

function entriesOf(
  all: FailoverCase,
  hopsThrough: HopsThrough,
  director: string,
): readonly Account[] {
  const {judged, failover} = all;
  const connections = kept(all, director);
  const [request, reply] = [hopsThrough(director, 'request'), hopsThrough(director, 'reply')];
  return [
    ...(connections.length === 0
      ? []
      : [accountOfEntries({...judged, connections, request, reply}, director, [])]),
    ...(failover.services === undefined ? [] : [accountOfTold(all, director)]),
  ];
}

/** What a closed connection's entry lives for at least, but for the state CLOSE: TIME_WAIT and FIN_WAIT (ip_vs_proto_tcp.c). */
const closedFor = 120_000_000_000n;

/**
 * The connections that must be in the director's table: those whose last request went through it, and those that had another one
 * through it before, as long as their entries cannot have ended. What opened there has the state that its packets there left.
 */
function kept({judged, sorted}: FailoverCase, director: string): readonly Connection[] {
  const listed = timePrinted(judged.run.text(director, 'ipvsadm-Lnc-at'));
  return judged.connections.flatMap(connection => {
    const own = sorted.through.get(director)?.find(one => one.flow === connection.flow);
    if (lastDirector(sorted, connection) === director) return [connection];
    const last = own?.request.at(-1)?.crossings.at(-1)?.any.frame.time;
    if (own === undefined || last === undefined || listed === undefined) return [];
    if (listed - last >= closedFor / 2n) return [];
    return [own.request[0] === connection.request[0] ? own : connection];
  });
}

/**
 * What else is in the director's table: connections that had no packet through it and that a sync message told of, each with the
 * real server that its packets reached.
 */
function accountOfTold(all: FailoverCase, node: string): Account {
  const {judged, sorted} = all;
  const draft = new CheckDraft(
    `told.${node}`,
    `ipvsadm -Lnc on ${node} has no connections but its own and those that it was told of`,
  );
  const place = `${node}: ipvsadm -Lnc`;
  const entries = readPrinted(() => parseConnections(judged.run.text(node, 'ipvsadm-Lnc'), place));
  draft.judge();
  if (entries === undefined)
    draft.fail({field: 'entry', expected: 'a listing of entries', actual: 'no listing', place});
  const told = messagesOf(all)
    .filter(({crossing}) => crossing.from !== node)
    .flatMap(({header}) => header.connections);
  const own = new Set(
    sorted.through.get(node)?.flatMap(one => (one.request.length > 0 ? [one.flow] : [])),
  );
  const listed = new Map(entries?.map(entry => [keyOf(entry.client, entry.virtual), entry]));
  for (const connection of judged.connections) {
    const {source, sourcePort, destination, destinationPort} = connection.flow.tuple;
    const client = {address: source, port: sourcePort};
    const virtual = {address: destination, port: destinationPort};
    const entry = listed.get(keyOf(client, virtual));
    if (entry === undefined || own.has(connection.flow)) continue;
    draft.judge();
    const real = destinationOf(judged, connection);
    const expected = !told.some(isOf(connection))
      ? 'no entry: nobody told of it'
      : real === undefined
        ? 'no destination'
        : word(real);
    if (word(entry.destination) !== expected)
      draft.fail({
        field: 'entry.destination',
        expected: `${word(client)}: ${expected}`,
        actual: word(entry.destination),
        place,
      });
  }
  return {check: draft.done(), doubts: unseen(judged, entries ?? [], place)};
}

const keyOf = (client: Endpoint, virtual: Endpoint): string => `${word(client)} ${word(virtual)}`;

const lastDirector = ({through}: Sorted, {flow}: Connection): string | undefined =>
  [...through]
    .flatMap(([name, list]) =>
      list
        .filter(one => one.flow === flow)
        .map(({request}) => ({name, at: request.at(-1)?.crossings[0]?.any.frame.time ?? 0n})),
    )
    .toSorted((a, b) => Number(a.at - b.at))
    .at(-1)?.name;

function countersOf({judged, failover, timeline}: FailoverCase, node: string): readonly Account[] {
  const {services} = failover;
  if (services === undefined) return [];
  const counted = countedAt(judged, node).filter(({at}) => isAlive(timeline, node, at) !== false);
  return accountsOfIpvs(judged.run, node, services, counted);
}
