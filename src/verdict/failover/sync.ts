import {parseConnections} from '../../ipvs/connections.ts';
import type {ConnectionEntry} from '../../ipvs/types.ts';
import type {Crossing, Flow} from '../../trace/types.ts';
import type {IpvsSync, SyncConnection} from '../../wire/message-types.ts';
import {transport} from '../../wire/packet.ts';
import {CheckDraft} from '../checks.ts';
import {protocolNumbers, type Connection} from '../connections.ts';
import {destinationOf, word} from '../endpoint.ts';
import {readPrinted} from '../printed.ts';
import type {Check} from '../types.ts';
import {checkMulticast, failer, type FailoverCase} from './context.ts';
import {isBeforeEnd, possibleMasters} from './timeline.ts';

/** A message of the sync daemon on the wire. */
export interface SyncMessage {
  readonly crossing: Crossing;
  readonly header: IpvsSync;
}

// include/uapi/linux/ip_vs.h and net/netfilter/ipvs/ip_vs_sync.c: the group, its MAC, one hop, the port.
const group = {group: '224.0.0.81', mac: '01:00:5e:00:00:51', ttl: 1} as const;
const syncPort = 8848;
/** IP_VS_TCP_S_ESTABLISHED. */
const established = 1;

/** Flows that carry sync messages, whoever sent them. */
export const isSync = (flow: Flow): boolean =>
  flow.paths.some(({crossings}) => crossings.some(crossing => syncIn(crossing) !== undefined));

function syncIn({any}: Crossing): IpvsSync | undefined {
  const header = any.packet.headers.find(({kind}) => kind === 'ipvs-sync');
  return header?.kind === 'ipvs-sync' ? header : undefined;
}

/** The sync messages of a run up to its end. */
export const messagesOf = ({
  judged,
  timeline,
}: Pick<FailoverCase, 'judged' | 'timeline'>): readonly SyncMessage[] =>
  judged.trace.flows.flatMap(({paths}) =>
    paths.flatMap(({crossings}) =>
      crossings.flatMap(crossing => {
        const header = syncIn(crossing);
        return header === undefined || !isBeforeEnd(timeline, crossing) ? [] : [{crossing, header}];
      }),
    ),
  );

/** Whether the message is of the connection. */
export const isOf =
  ({flow: {tuple}}: Connection) =>
  ({client, clientPort, virtual, virtualPort}: SyncConnection): boolean =>
    client === tuple.source &&
    clientPort === tuple.sourcePort &&
    virtual === tuple.destination &&
    virtualPort === tuple.destinationPort;

/** The daemons' messages say what the packets show, and the backup's table has it before it is needed. */
export function checkSync(all: FailoverCase): readonly Check[] {
  const {failover, judged, timeline} = all;
  const {sync, proves} = failover;
  if (sync === undefined) return [];
  const messages = messagesOf(all);
  const draft = new CheckDraft(
    'sync',
    'each sync message from the master, of connections as the packets show them',
    proves.synced,
  );
  for (const {crossing, header} of messages) {
    draft.judge();
    const fail = failer(judged, crossing, draft);
    checkMulticast(all, crossing, {network: sync.network, ...group}, draft);
    const udp = transport(crossing.any.packet);
    fail('udp.dstport', String(syncPort), String(udp?.destinationPort ?? '-'));
    fail('sync.version', '1', String(header.version));
    fail('sync.id', String(sync.id), String(header.syncId));
    fail('sync.count', String(header.count), String(header.connections.length));
    const masters = possibleMasters(timeline, failover, sync.router, crossing.any.frame.time);
    if (!masters.includes(crossing.from ?? ''))
      fail('sync.master', masters.join(' or ') || 'nobody', crossing.from ?? 'nobody');
    for (const entry of header.connections) {
      const connection = judged.connections.find(one => isOf(one)(entry));
      const real = connection === undefined ? undefined : destinationOf(judged, connection);
      fail('sync.protocol', String(protocolNumbers.tcp), String(entry.protocol));
      fail(
        'sync.destination',
        real === undefined ? 'a connection that the packets show' : word(real),
        word({address: entry.destination, port: entry.destinationPort}),
      );
    }
  }
  return [draft.done(), checkBackup(all, messages)];
}

/** Each connection that goes on at another director: synced as established before, and in that one's table. */
function checkBackup(all: FailoverCase, messages: readonly SyncMessage[]): Check {
  const {judged, timeline} = all;
  const draft = new CheckDraft(
    'synced',
    'held connections were synced as established, and in the table of the backup, before the failover',
    all.failover.proves.synced,
  );
  const death = [...timeline.deaths.values()][0]?.from;
  for (const {connection, director, backup} of survivorsOf(all)) {
    draft.judge();
    const place = `connection from port ${connection.flow.tuple.sourcePort}`;
    const real = destinationOf(judged, connection);
    const expected = real === undefined ? 'no destination' : word(real);
    const told = messages.filter(
      ({crossing, header}) =>
        crossing.from === director &&
        (death === undefined || crossing.any.frame.time < death) &&
        header.connections.some(entry => isOf(connection)(entry) && entry.state === established),
    );
    if (told.length === 0)
      draft.fail({
        field: 'sync',
        expected: `a message from ${director} in which it is established`,
        actual: 'none',
        place,
      });
    const entry = syncedEntries(all, backup).find(
      ({client}) =>
        word(client) ===
        word({address: connection.flow.tuple.source, port: connection.flow.tuple.sourcePort}),
    );
    const actual = entry === undefined ? 'no entry' : `${entry.state} ${word(entry.destination)}`;
    if (actual !== `ESTABLISHED ${expected}`)
      draft.fail({
        field: 'entry',
        expected: `ESTABLISHED ${expected}`,
        actual,
        place: `${backup}: ipvsadm -Lnc before the failover`,
      });
  }
  return draft.done();
}

/** What the backup's table held when it was waited for; when it is no listing, nothing is in it. */
export const syncedEntries = ({judged}: FailoverCase, node: string): readonly ConnectionEntry[] =>
  readPrinted(() => parseConnections(judged.run.text(node, 'synced-entries'), node)) ?? [];

/** A connection whose packets went through one director and then through another. */
export interface Survivor {
  readonly connection: Connection;
  readonly director: string;
  readonly backup: string;
}

/** Connections that were there before a director died and had packets after it. */
export function survivorsOf({judged, sorted}: FailoverCase): readonly Survivor[] {
  return judged.connections.flatMap(connection => {
    const [first, second] = [...sorted.through]
      .filter(([, list]) =>
        list.some(one => one.flow === connection.flow && one.request.length > 0),
      )
      .map(([name, list]) => ({
        name,
        at:
          list.find(one => one.flow === connection.flow)?.request[0]?.crossings[0]?.any.frame
            .time ?? 0n,
      }))
      .toSorted((a, b) => Number(a.at - b.at))
      .map(({name}) => name);
    return first === undefined || second === undefined
      ? []
      : [{connection, director: first, backup: second}];
  });
}
