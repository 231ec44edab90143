import {allPaths, partsOf, placeOf, sightingsOf} from '../trace/essence.ts';
import {ipHeaders, transport} from '../wire/packet.ts';
import {fragmentIn} from '../trace/datagrams.ts';
import type {Path} from '../trace/types.ts';
import {givenUp} from './asked.ts';
import {checkAssociation} from './associations.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {protocolNumbers, type Connection} from './connections.ts';
import type {Direction} from './hops.ts';
import {answersLateSegment, isFinAcknowledged} from './late-reset.ts';
import {Notation} from './notation.ts';
import type {Check} from './types.ts';

/** Checks on connections as a whole: how many, whole from SYN to FIN, nothing beside them, each in its turn. */
export function checkConnections(judged: Case): readonly Check[] {
  return [
    checkCount(judged),
    checkCompleteness(judged),
    checkStrays(judged),
    checkLinks(judged),
    ...(judged.expectation.roundRobin ? [checkTurns(judged)] : []),
  ];
}

function checkCount({connections, expectation}: Case): Check {
  const draft = new CheckDraft('connections', 'as many connections as the traffic made');
  draft.judge(connections.length);
  if (connections.length !== expectation.connections)
    draft.fail({
      field: 'connections',
      expected: String(expectation.connections),
      actual: String(connections.length),
    });
  return draft.done();
}

/** Each connection is whole: its beginning and both ends were seen, acknowledged, and no RST before. */
export function checkCompleteness(judged: Case): Check {
  const draft = new CheckDraft(
    'complete',
    'each connection whole, from its first packet to its last',
  );
  const unfinished = new Set(givenUp(judged));
  for (const [i, connection] of judged.connections.entries()) {
    draft.judge();
    if (unfinished.has(connection)) continue; // a doubt of its own
    const notation = new Notation(judged.names, connection);
    const client = `connection ${i + 1}`;
    if (judged.expectation.protocol === 'sctp') {
      checkAssociation(connection, client, notation, draft);
      continue;
    }
    const paths = (direction: Direction): readonly Path[] => connection[direction];
    const wanted: readonly (readonly [Direction, string, string])[] =
      judged.expectation.protocol === 'tcp'
        ? [
            ['request', 'S', 'SYN'],
            ['reply', 'S', 'SYN-ACK'],
            ['request', 'F', 'FIN'],
            ['reply', 'F', 'FIN'],
          ]
        : [
            ['request', '', 'a packet'],
            ...(judged.expectation.answers.refused === true
              ? []
              : ([['reply', '', 'a packet']] as const)),
          ];
    for (const [direction, flag, name] of wanted)
      if (!paths(direction).some(path => flagsOf(path).includes(flag)))
        draft.fail({
          field: judged.expectation.protocol === 'tcp' ? 'tcp.flags' : 'path',
          expected: `${name} as ${direction}`,
          actual: 'none',
          place: client,
        });
    for (const [direction, other] of [
      ['request', 'reply'],
      ['reply', 'request'],
    ] as const)
      if (!finAcknowledged(paths(direction), paths(other)))
        draft.fail({
          field: 'tcp.ack',
          expected: `the FIN of the ${direction} acknowledged`,
          actual: 'never',
          place: client,
        });
    for (const path of connection.flow.paths) {
      const first = path.crossings[0];
      const [own, others] = connection.request.includes(path)
        ? [connection.request, connection.reply]
        : [connection.reply, connection.request];
      if (
        first !== undefined &&
        flagsOf(path).includes('R') &&
        !answersLateSegment(path, own, others)
      )
        draft.fail({
          field: 'tcp.flags',
          expected: 'no RST before the connection is closed',
          actual: `RST from ${path.origin ?? 'nobody'}`,
          place: placeOf(first.any),
          actualPacket: notation.seen(first),
        });
    }
  }
  return draft.done();
}

/** Whether the answers acknowledge the FIN. True where there is no FIN. */
const finAcknowledged = (paths: readonly Path[], answers: readonly Path[]): boolean =>
  !paths.some(path => flagsOf(path).includes('F')) || isFinAcknowledged(paths, answers);

function flagsOf({crossings}: Path): string {
  const header = crossings[0] === undefined ? undefined : transport(crossings[0].any.packet);
  return header?.kind === 'tcp' ? header.flags : '';
}

/** Every flow frame belongs to an expected connection, and every packet to the VIP to a flow. */
function checkStrays(judged: Case): Check {
  const draft = new CheckDraft('strays', 'no frame of another connection');
  const notation = new Notation(judged.names);
  draft.judge(judged.trace.flows.reduce((frames, flow) => frames + flow.paths.length, 0));
  const protocol = protocolNumbers[judged.expectation.protocol];
  const undecoded = judged.trace.other.filter(
    ({any}) =>
      fragmentIn(any.packet, any.frame.bytes) !== undefined ||
      ipHeaders(any.packet).some(
        ip => ip.protocol === protocol && [ip.source, ip.destination].includes(judged.virtual),
      ),
  );
  const strayed = judged.strays.flatMap(flow => flow.paths.flatMap(({crossings}) => crossings));
  for (const crossing of [...strayed, ...undecoded])
    draft.fail({
      field: 'path',
      expected: 'only the expected connections',
      actual: 'a frame of none of them',
      place: placeOf(crossing.any),
      actualPacket: notation.seen(crossing),
    });
  return draft.done();
}

/** What the ends of a link saw must be the same frame. */
function checkLinks(judged: Case): Check {
  const draft = new CheckDraft('links', 'each frame the same at both ends of its link');
  const notation = new Notation(judged.names);
  for (const flow of judged.trace.flows)
    for (const path of allPaths(flow)) {
      draft.judge(path.crossings.flatMap(partsOf).flatMap(sightingsOf).length);
      for (const crossing of path.crossings) {
        const altered = judged.altered.get(crossing);
        for (const {field, before, after} of altered?.fields ?? [])
          draft.fail({
            field,
            expected: `${notation.named(before)} as ${altered === undefined ? '' : placeOf(altered.here)}`,
            actual: notation.named(after),
            place: altered === undefined ? '' : placeOf(altered.there),
            expectedPacket: altered === undefined ? '' : notation.packet(altered.here.packet),
            actualPacket: altered === undefined ? '' : notation.packet(altered.there.packet),
          });
      }
    }
  return draft.done();
}

/** Round robin gives consecutive connections to consecutive real servers (net/netfilter/ipvs/ip_vs_rr.c). */
function checkTurns({connections, expectation}: Case): Check {
  const draft = new CheckDraft('turns', 'the real servers take turns');
  const servers = expectation.realServers.length;
  draft.judge(connections.length);
  for (const [i, connection] of connections.entries()) {
    const round = connections.slice(Math.max(0, i - servers + 1), i);
    const repeated = round.some(({server}) => server?.node === connection.server?.node);
    const before = connections[i - servers];
    const outOfTurn = before !== undefined && before.server?.node !== connection.server?.node;
    if (connection.server === undefined || repeated || outOfTurn)
      draft.fail({
        field: 'scheduler',
        expected: `another real server than the last ${Math.min(i, servers - 1)}, ${servers} in turn`,
        actual: connections
          .slice(0, i + 1)
          .map(one => nameOf(one))
          .join(', '),
        place: `connection ${i + 1}`,
      });
  }
  return draft.done();
}

const nameOf = ({server}: Connection): string => server?.node ?? 'none';
