import {Templates} from '../ipvs/scheduler/templates.ts';
import {World} from '../ipvs/scheduler/world.ts';
import type {Arrival, ServerId} from '../ipvs/scheduler/types.ts';
import type {EventRecord} from '../run-folder/types.ts';
import type {Path} from '../trace/types.ts';
import {transport} from '../wire/packet.ts';
import {chunksOf} from './associations.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import {Draws} from './draws.ts';
import {Notation} from './notation.ts';
import type {Check, Expectation} from './types.ts';

/** What the director sees of connections and its administrator does, at its time (nanoseconds). */
type Moment = {readonly at: bigint} & (
  | {readonly kind: 'open'; readonly index: number; readonly connection: Connection}
  | {readonly kind: 'established' | 'closing'; readonly index: number}
  | {readonly kind: 'edit'; readonly event: EventRecord}
  | {readonly kind: 'expired'}
);

/**
 * Whether each connection went to the real server that the scheduler's model computes from what the director saw: first
 * packets, handshakes, ends and edits, in the order of time.
 */
export function checkSchedule(
  judged: Case,
  {service, expireQuiescent, proves}: NonNullable<Expectation['schedule']>,
): Check {
  const draft = new CheckDraft(
    'schedule',
    service.scheduler === 'twos'
      ? 'connections at the real servers as twos draws them'
      : `each connection at the real server that ${service.scheduler} computes`,
    proves,
  );
  // twos has no model but chances; the world then counts connections, and is not asked for a choice.
  const draws = service.scheduler === 'twos' ? new Draws() : undefined;
  const world = new World(draws === undefined ? service : {...service, scheduler: 'lc'});
  const templates = new Templates(service, expireQuiescent);
  const open = new Set<number>();
  for (const moment of momentsOf(judged)) {
    if (moment.kind === 'edit') world[moment.event.edit.kind](moment.event.edit.server);
    else if (moment.kind === 'expired') {
      for (const index of open) world.expired(String(index));
      open.clear();
      templates.expire();
    } else if (moment.kind === 'open') {
      const {index, connection} = moment;
      draft.judge();
      if (draws !== undefined) {
        const {protocol} = judged.expectation;
        const {server} = connection;
        if (draws.open(world, String(index), {protocol, server})) open.add(index);
        continue;
      }
      const arrival = arrivalOf(judged, connection, moment.at);
      const predicted = templates.open(world, String(index), arrival);
      // An entry of one packet ends with it.
      if (service.onePacket && predicted !== undefined) world.expired(String(index));
      else if (predicted !== undefined) open.add(index);
      compare(judged, draft, {index, connection, predicted});
    } else if (open.has(moment.index)) world[moment.kind](String(moment.index));
  }
  draws?.compare(draft, new Notation(judged.names));
  return draft.done();
}

function compare(
  {names, expectation}: Case,
  draft: CheckDraft,
  {
    index,
    connection,
    predicted,
  }: {index: number; connection: Connection; predicted: ServerId | undefined},
): void {
  const notation = new Notation(names);
  const {server, flow} = connection;
  if (server?.address === predicted?.address) return;
  draft.fail({
    field: 'scheduler',
    expected:
      predicted === undefined
        ? `none: ${expectation.schedule?.service.scheduler ?? ''} finds no real server available`
        : notation.named(predicted.address),
    actual: server === undefined ? 'none' : notation.named(server.address),
    place: `connection ${index + 1} from ${flow.tuple.source} port ${flow.tuple.sourcePort}`,
  });
}

const arrivalOf = ({expectation}: Case, {flow}: Connection, at: bigint): Arrival => ({
  source: flow.tuple.source,
  sourcePort: flow.tuple.sourcePort,
  destination: flow.tuple.destination,
  destinationPort: flow.tuple.destinationPort,
  protocol: expectation.protocol,
  at: Number(at / 1_000_000n) / 1000,
});

function momentsOf({connections, run, expectation}: Case): readonly Moment[] {
  const director = expectation.entries?.node ?? 'director';
  const moments = connections.flatMap((connection, index): Moment[] => {
    const requests = seenBy(director, connection.request);
    const first = requests[0];
    if (first === undefined) return [];
    const all = [...requests, ...seenBy(director, connection.reply)];
    const established = requests.find(({says}) => says.includes('established'));
    const closing = all
      .filter(({says}) => says.includes('closing'))
      .toSorted((a, b) => Number(a.at - b.at))[0];
    return [
      {kind: 'open', at: first.at, index, connection},
      ...(established === undefined
        ? []
        : [{kind: 'established' as const, at: established.at, index}]),
      ...(closing === undefined ? [] : [{kind: 'closing' as const, at: closing.at, index}]),
    ];
  });
  const edits = run.record.events.map((event): Moment => ({
    kind: 'edit',
    at: BigInt(event.at),
    event,
  }));
  const expiries = (run.record.expiries ?? []).map(({at}): Moment => ({
    kind: 'expired',
    at: BigInt(at),
  }));
  return [...moments, ...edits, ...expiries].toSorted((a, b) => Number(a.at - b.at));
}

/** When the packets of the paths came to the node, and what each says of its connection. */
const seenBy = (
  node: string,
  paths: readonly Path[],
): readonly {readonly at: bigint; readonly says: readonly Saying[]}[] =>
  paths.flatMap(path =>
    path.crossings
      .filter(({to}) => to === node)
      .slice(0, 1)
      .map(({any}) => ({at: any.frame.time, says: sayingsOf(path)})),
  );

type Saying = 'established' | 'closing';

/** A TCP segment without SYN is of a connection that is up; SCTP's is up with its COOKIE ECHO (ip_vs_proto_sctp.c). */
function sayingsOf(path: Path): readonly Saying[] {
  const first = path.crossings[0];
  const header = first === undefined ? undefined : transport(first.any.packet);
  if (header?.kind === 'udp') return ['established'];
  const chunks = chunksOf(path);
  const flags = header?.kind === 'tcp' ? header.flags : '';
  const up = header?.kind === 'tcp' ? !flags.includes('S') : chunks.includes('cookie-echo');
  const ends = /[FR]/.test(flags) || chunks.includes('shutdown') || chunks.includes('abort');
  return [...(up ? (['established'] as const) : []), ...(ends ? (['closing'] as const) : [])];
}
