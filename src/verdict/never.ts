import {placeOf, sightingsOf} from '../trace/essence.ts';
import type {Crossing, Path, Sighting} from '../trace/types.ts';
import {ipHeaders} from '../wire/packet.ts';
import type {Ip, Packet} from '../wire/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {directionOf} from './connections.ts';
import {addressOf, chosenAddress, chosenServer, parsePair, type Direction} from './hops.ts';
import {Notation} from './notation.ts';
import {neighbourTarget} from './neighbours.ts';
import {isDouble} from './path-checks.ts';
import type {Check, NeverExpectation} from './types.ts';

/** A frame as one interface saw it; `direction` is undefined outside of flows. */
interface Seen {
  readonly sighting: Sighting;
  readonly crossing: Crossing;
  readonly direction: Direction | undefined;
}

/** One check for each kind of frame that must not be seen at a node. */
export function checkNever(judged: Case): readonly Check[] {
  const seen = everything(judged);
  return judged.expectation.never.map((never, i) =>
    checkOne(judged, never, `never.${i + 1}`, seen),
  );
}

function checkOne(judged: Case, never: NeverExpectation, id: string, seen: readonly Seen[]): Check {
  const {at, ip, anyAddress, direction, proves} = never;
  const what = [direction ?? 'frame', ip ?? (anyAddress ?? []).join(', ')].filter(
    word => word !== '',
  );
  const title = `never at ${at}: ${what.join(' ')}`;
  const draft = new CheckDraft(id, title, proves);
  const nodes = at === chosenServer ? judged.expectation.realServers.map(({node}) => node) : [at];
  const concerned = seen.filter(one => direction === undefined || one.direction === direction);
  const present = concerned.filter(({sighting}) => nodes.includes(sighting.node));
  // A direction that nobody sent anything in would make "never" true of nothing.
  draft.judge(direction === undefined ? present.length : concerned.length);
  const forbidden = matcher(judged, never, title);
  const notation = new Notation(judged.names);
  for (const {sighting, crossing, direction: ofFlow} of present) {
    const found = forbidden(sighting, ofFlow);
    if (found !== undefined)
      draft.fail({
        field: 'never',
        expected: `no such frame at ${sighting.node}`,
        actual: found,
        place: placeOf(sighting),
        actualPacket: notation.seen(crossing),
      });
  }
  return draft.done();
}

/** Every frame of the run, but other versions of a frame that was altered between the ends of its link. */
function everything(judged: Case): readonly Seen[] {
  const {flows, other} = judged.trace;
  return [
    ...flows.flatMap(flow =>
      flow.paths
        .filter(path => !isDouble(judged.altered, flow, path))
        .flatMap(path => onPath(path, directionOf(flow, path))),
    ),
    ...flows.flatMap(({errors}) => errors.flatMap(path => onPath(path, undefined))),
    ...other.flatMap(crossing => seenAs(crossing, undefined)),
  ];
}

function onPath({crossings, delivered}: Path, direction: Direction | undefined): readonly Seen[] {
  const last = crossings.at(-1);
  return [
    ...crossings.flatMap(crossing => seenAs(crossing, direction)),
    ...(last === undefined
      ? []
      : delivered.map(sighting => ({sighting, crossing: last, direction}))),
  ];
}

const seenAs = (crossing: Crossing, direction: Direction | undefined): readonly Seen[] =>
  sightingsOf(crossing).map(sighting => ({sighting, crossing, direction}));

/** Says what is forbidden about a sighting, if anything is. */
function matcher(
  judged: Case,
  {ip, anyAddress}: NeverExpectation,
  where: string,
): (sighting: Sighting, ofFlow: Direction | undefined) => string | undefined {
  const notation = new Notation(judged.names);
  const addresses = (name: string): readonly string[] =>
    name === chosenAddress
      ? judged.connections.flatMap(({server}) => server?.address ?? [])
      : [addressOf(name, where, judged.names)];
  if (anyAddress !== undefined) {
    const banned = new Set(anyAddress.flatMap(addresses));
    return ({packet, frame}) => {
      const found = addressesIn(packet, frame.bytes).find(address => banned.has(address));
      return found === undefined ? undefined : `a frame with ${notation.named(found)}`;
    };
  }
  if (ip !== undefined) {
    const pair = parsePair(ip, where);
    const fits = (name: string, actual: string): boolean =>
      name === '*' || addresses(name).includes(actual);
    return ({packet}) => {
      const found = ipHeaders(packet).find(
        header => fits(pair.source, header.source) && fits(pair.destination, header.destination),
      );
      return found === undefined ? undefined : wordPair(found, notation);
    };
  }
  return (_, ofFlow) => (ofFlow === undefined ? undefined : `a ${ofFlow} of the flow`);
}

const wordPair = ({source, destination}: Ip, notation: Notation): string =>
  `${notation.named(source)} > ${notation.named(destination)}`;

/** Every address that a frame shows: in IP and ARP headers, in what ICMP errors quote, in neighbour discovery. */
function addressesIn(packet: Packet, bytes: Uint8Array): readonly string[] {
  return packet.headers.flatMap(header => {
    if (header.kind === 'arp') return [header.senderIp, header.targetIp];
    if (header.kind === 'ipv4' || header.kind === 'ipv6')
      return [header.source, header.destination];
    if (header.kind !== 'icmp' && header.kind !== 'icmpv6') return [];
    return [
      ...(header.quoted === undefined ? [] : addressesIn(header.quoted, bytes)),
      ...neighbourTarget(header, bytes),
    ];
  });
}
