import {sctpAfter, tcpAfter, type Side} from '../ipvs/states.ts';
import type {Path} from '../trace/types.ts';
import {innermostIp, transport} from '../wire/packet.ts';
import type {Packet} from '../wire/types.ts';
import type {Case} from './case.ts';
import {expectedMethod} from './causes-forwarding.ts';
import type {Connection} from './connections.ts';

/** A packet at the director: from when it came to when it went on, IPVS took note of it. */
interface Passage {
  readonly side: Side;
  readonly packet: Packet;
  readonly came: bigint;
  /** Undefined when it did not go on: IPVS may have dropped it without a note. */
  readonly went: bigint | undefined;
}

/** What an entry is before the first packet that it carries. */
export interface Begin {
  readonly state: 'NONE' | 'LISTEN';
  /** The real server sends the first packet. */
  readonly byServer: boolean;
}

const fromFirstPacket: Begin = {state: 'NONE', byServer: false};

/** Orders that are thinkable at one moment: beyond so many nothing is told. */
const most = 64;

/**
 * The states in which the entry of the connection can be at the node after its packets, as `ipvsadm -Lnc` words them. Packets
 * that were in the node at one time may have been noted in either order, so there can be several. Undefined where the packets
 * cannot tell: some passed another node, or the state depends on more than packets.
 */
export function statesOf(
  judged: Case,
  connection: Connection,
  node: string,
  begin: Begin = fromFirstPacket,
): ReadonlySet<string> | undefined {
  const {protocol} = judged.expectation;
  if (protocol === 'udp') return new Set(['UDP']);
  // secure_tcp has a table of its own.
  if (!/^net\.ipv4\.vs\.secure_tcp = 0$/m.test(judged.run.text(node, 'sysctl'))) return undefined;
  const masq = expectedMethod(judged) === 'Masq';
  const vip = connection.virtual?.address ?? judged.virtual;
  const [toServer, fromServer] = begin.byServer
    ? [connection.reply, connection.request]
    : [connection.request, connection.reply];
  const asked = toServer.map(path => passageOf(path, node, masq ? 'request' : 'alone'));
  const answered = masq
    ? fromServer
        .map(path => passageOf(path, node, 'reply'))
        .filter(one => one !== undefined && innermostIp(one.packet)?.source !== vip)
    : [];
  const passages = [...asked, ...answered];
  const known = passages.filter(one => one !== undefined);
  if (known.length < passages.length || known.length === 0) return undefined;
  return endsOf(
    begin.state,
    known.toSorted((a, b) => (a.came < b.came ? -1 : a.came > b.came ? 1 : 0)),
  );
}

/** Undefined for a packet that came to the node never, or more than once. */
function passageOf({crossings}: Path, node: string, side: Side): Passage | undefined {
  const [at, ...more] = crossings.flatMap(({to}, i) => (to === node ? [i] : []));
  const crossing = at === undefined ? undefined : crossings[at];
  if (at === undefined || crossing === undefined || more.length > 0) return undefined;
  const next = crossings[at + 1];
  return {
    side,
    packet: crossing.any.packet,
    came: (crossing.received ?? crossing.any).frame.time,
    went: next?.from === node ? (next.sent ?? next.any).frame.time : undefined,
  };
}

/** An order of the passages so far: those before `first` all, and the others of `ahead`. */
interface Front {
  readonly first: number;
  readonly ahead: ReadonlySet<number>;
  readonly states: Set<string>;
}

/** The last states over all orders in which none comes after one that had gone before it came. */
function endsOf(begin: string, passages: readonly Passage[]): ReadonlySet<string> | undefined {
  let fronts = new Map<string, Front>([
    ['', {first: 0, ahead: new Set(), states: new Set([begin])}],
  ]);
  for (let n = 0; n < passages.length; n++) {
    const next = new Map<string, Front>();
    for (const {first, ahead, states} of fronts.values())
      for (const i of candidates(passages, first, ahead)) {
        const after = advance(first, new Set([...ahead, i]));
        const key = `${after.first} ${[...after.ahead].toSorted((a, b) => a - b).join(' ')}`;
        const front = next.get(key) ?? {...after, states: new Set<string>()};
        next.set(key, front);
        for (const state of states) {
          const passage = passages[i];
          const follows = passage === undefined ? undefined : follow(state, passage);
          if (follows === undefined) return undefined;
          front.states.add(follows);
          if (passage?.went === undefined) front.states.add(state);
        }
      }
    if (next.size > most) return undefined;
    fronts = next;
  }
  return new Set([...fronts.values()].flatMap(({states}) => [...states]));
}

/** What can be next: nothing that is left had gone before it came. */
function candidates(
  passages: readonly Passage[],
  first: number,
  ahead: ReadonlySet<number>,
): readonly number[] {
  const found: number[] = [];
  let earliest: bigint | undefined;
  for (let i = first; i < passages.length; i++) {
    const passage = passages[i];
    if (passage === undefined || ahead.has(i)) continue;
    if (earliest !== undefined && passage.came > earliest) break;
    found.push(i);
    if (passage.went !== undefined && (earliest === undefined || passage.went < earliest))
      earliest = passage.went;
  }
  return found;
}

function advance(first: number, ahead: Set<number>): Omit<Front, 'states'> {
  let at = first;
  while (ahead.delete(at)) at += 1;
  return {first: at, ahead};
}

function follow(state: string, {packet, side}: Passage): string | undefined {
  const header = transport(packet);
  if (header?.kind === 'tcp') return tcpAfter(state, side, header.flags);
  return header?.kind === 'sctp' ? sctpAfter(state, side, header.chunks[0]?.kind ?? '') : undefined;
}
