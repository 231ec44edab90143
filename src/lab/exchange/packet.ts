import {InputError} from '../../problem.ts';
import {interfaceOn, nodeByName} from '../../topology/names.ts';
import {addressOf, parsePair} from '../../verdict/hops.ts';
import {endOf} from '../../verdict/exchange/group.ts';
import {decoded} from '../../verdict/exchange/inner.ts';
import type {
  CausedExpectation,
  ExchangeHop,
  SentExpectation,
} from '../../verdict/exchange/types.ts';
import {build} from '../../wire/build.ts';
import {fragment} from '../../wire/fragment.ts';
import {transport} from '../../wire/packet.ts';
import type {Packet} from '../../wire/types.ts';
import {concat} from '../../wire/bytes.ts';
import {buildPacket} from './frames.ts';
import type {ExchangeScene} from './planned.ts';
import type {Caused, PacketStep, PathItem} from './types.ts';

/** The id of the first packet that does not say its own: packets are told apart by their ids. */
const firstId = 0x1000;

/** A packet as it is sent and expected. */
export interface PlannedPacket {
  readonly sent: SentExpectation;
  readonly packet: Packet;
}

/** Builds a packet and completes its first hop. Throws InputError, with `where` as its place, for what cannot be. */
export function planPacket(
  step: PacketStep,
  {topology, names}: ExchangeScene,
  number: number,
  where: string,
): PlannedPacket {
  const [first, ...further] = step.path.map(hopOf);
  const link = parsePair(first?.link ?? '', where);
  const from = nodeByName(topology, link.source, where);
  const address = addressOf(parsePair([step.ip].flat()[0] ?? '', where).destination, where, names);
  const end = endOf(link, address, topology, where);
  if (first === undefined || end === undefined)
    throw new InputError({
      what: 'the two nodes of a link must share a network',
      where,
      value: `${link.source} > ${link.destination}`,
      next: `name the nodes between them, as topology "${topology.name}" has them`,
    });
  if (from.name !== step.from)
    throw new InputError({
      what: 'the path of a packet begins at the node that sends it',
      where,
      value: first.link,
      valid: [`${step.from} > …`],
    });
  const out = interfaceOn(from, end.network);
  const whole = buildPacket(step, {names, id: firstId + number}, where);
  const ip = step.piece === undefined ? whole : pieceOf(whole, step.piece, where);
  const frame = isEthernet(step)
    ? ip
    : concat(
        build([
          {
            kind: 'ethernet',
            source: out?.mac ?? '',
            destination: end.mac,
            etherType: (ip[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800,
          },
        ]),
        ip,
      );
  const {packet} = decoded(frame);
  const header = transport(packet);
  const ports =
    header === undefined ? undefined : `${header.sourcePort} > ${header.destinationPort}`;
  return {
    packet,
    sent: {
      from: from.name,
      device: out?.name ?? '',
      frame: Buffer.from(frame).toString('hex'),
      hops: [
        {
          ip: step.ip,
          ...(ports === undefined ? {} : {ports}),
          ...(step.encapsulation === undefined ? {} : {encapsulation: step.encapsulation}),
          ...first,
        },
        ...further,
      ],
      causes: (step.causes ?? []).map(planCaused),
    },
  };
}

function pieceOf(
  whole: Uint8Array,
  {mtu, number}: NonNullable<PacketStep['piece']>,
  where: string,
): Uint8Array {
  const pieces = fragment(whole, mtu);
  const piece = pieces[number - 1];
  if (piece !== undefined) return piece;
  throw new InputError({
    what: 'the packet has not so many fragments',
    where,
    value: String(number),
    valid: [`1 to ${pieces.length}, cut for an MTU of ${mtu}`],
    next: 'name one of them, or give the packet more payload',
  });
}

const isEthernet = ({layers}: PacketStep): boolean => layers?.[0]?.kind === 'ethernet';

const hopOf = (item: PathItem): ExchangeHop => (typeof item === 'string' ? {link: item} : item);

function planCaused({ip, ports, path, ...shape}: Caused): CausedExpectation {
  const [first, ...further] = path.map(hopOf);
  return {
    shape,
    hops:
      first === undefined
        ? []
        : [{ip, ...(ports === undefined ? {} : {ports}), ...first}, ...further],
  };
}
