import {departure, placeOf} from '../../trace/essence.ts';
import type {Crossing} from '../../trace/types.ts';
import {canonical} from '../../topology/ip.ts';
import {decode} from '../../wire/decode.ts';
import type {IpvsSync, SyncConnection} from '../../wire/message-types.ts';
import {innermostIp, transport} from '../../wire/packet.ts';
import type {Packet} from '../../wire/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Setting} from '../compare.ts';
import {addressOf} from '../hops.ts';
import {differ} from '../mismatch.ts';
import type {Check} from '../types.ts';
import {parseEnd} from './entries.ts';
import type {Ledger} from './ledger.ts';
import type {SyncedExpectation} from './types.ts';

// include/uapi/linux/ip_vs.h and net/netfilter/ipvs/ip_vs_sync.c: the group with its MAC (RFC 1112, 6.4), and one hop.
const group = '224.0.0.81';
export const groupMac = '01:00:5e:00:00:51';
const ttl = 1;

interface Message {
  readonly crossing: Crossing;
  readonly packet: Packet;
  readonly header: IpvsSync;
}

/**
 * The messages that tell of a step's connections are the next ones that the sync daemon sent, none before `since`, when the
 * packets before them were on their last link. What it tells beyond them fails too.
 */
export function checkSynced(
  setting: Setting,
  ledger: Ledger,
  director: string,
  expected: SyncedExpectation,
  since: bigint,
): Check {
  const {step, connections, proves} = expected;
  const draft = new CheckDraft(
    `step.${step}.synced`,
    `step ${step}: the sync daemon tells of ${connections.length} connections`,
    proves,
  );
  const left = connections.map(one => wordExpected(setting, expected.protocol, one));
  const wanted = left.length;
  draft.judge(wanted);
  const ports = new Set<number>();
  for (let told = 0; told < wanted;) {
    const message = nextMessage(ledger, director, expected);
    if (message === undefined) break;
    ledger.take(message.crossing);
    const place = placeOf(message.crossing.any);
    const actualPacket = setting.notation.seen(message.crossing);
    for (const mismatch of compareMessage(expected, message))
      draft.fail({...mismatch, place, actualPacket});
    if (departure(message.crossing) < since)
      draft.fail({
        field: 'time',
        expected: 'after the packets before it',
        actual: 'before the last of them was forwarded',
        place,
        actualPacket,
      });
    ports.add(transport(message.packet)?.destinationPort ?? 0);
    // A message without any would be told for ever.
    told += Math.max(1, message.header.connections.length);
    for (const connection of message.header.connections) {
      const word = wordOf(connection);
      const at = left.indexOf(word);
      if (at >= 0) left.splice(at, 1);
      else
        draft.fail({
          field: 'connection',
          expected: left.join(' or ') || 'no other',
          actual: word,
          place,
          actualPacket,
        });
    }
  }
  for (const word of left)
    draft.fail({field: 'connection', expected: word, actual: 'no message tells of it', place: ''});
  for (const port of expected.ports)
    if (!ports.has(port))
      draft.fail({
        field: 'udp.dstport',
        expected: `a message to ${port}`,
        actual: `only to ${[...ports].join(' ') || 'no port'}`,
        place: '',
      });
  return draft.done();
}

function nextMessage(
  ledger: Ledger,
  director: string,
  {network, ports}: SyncedExpectation,
): Message | undefined {
  for (const crossing of ledger.left()) {
    if (crossing.network !== network || crossing.from !== director) continue;
    const {bytes, originalLength} = crossing.any.frame;
    const packet = decode({bytes, originalLength, linkType: 'ethernet'}, {syncPorts: ports});
    const header = packet.headers.at(-1);
    if (header?.kind === 'ipvs-sync') return {crossing, packet, header};
  }
  return undefined;
}

function compareMessage({syncId, version}: SyncedExpectation, {packet, header}: Message) {
  const [ethernet] = packet.headers;
  const ip = innermostIp(packet);
  return [
    ...differ(
      'eth.dst',
      groupMac,
      ethernet?.kind === 'ethernet' ? ethernet.destination : 'no Ethernet',
    ),
    ...differ('ip.dst', group, ip?.destination ?? '-'),
    ...differ('ip.ttl', String(ttl), String(ip?.kind === 'ipv4' ? ip.ttl : '-')),
    ...differ('sync.version', String(version), String(header.version)),
    ...differ('sync.id', String(syncId), String(header.syncId)),
    ...differ('sync.count', String(header.count), String(header.connections.length)),
    ...packet.headers.flatMap(one =>
      'checksum' in one && one.checksum === 'bad'
        ? [{field: `${one.kind}.checksum`, expected: 'good', actual: 'bad'}]
        : [],
    ),
  ];
}

const wordOf = ({protocol, ...one}: SyncConnection): string =>
  [
    `protocol ${protocol}`,
    word(one.client, one.clientPort),
    word(one.virtual, one.virtualPort),
    word(one.destination, one.destinationPort),
  ].join(' ');

function wordExpected(
  {names}: Setting,
  protocol: number,
  {client, virtual, server}: SyncedExpectation['connections'][number],
): string {
  const ends = [client, virtual, server].map(text => {
    const {address, port} = parseEnd(text);
    return word(addressOf(address, 'a synced connection', names), port);
  });
  return [`protocol ${protocol}`, ...ends].join(' ');
}

const word = (address: string, port: number): string => {
  const text = canonical(address);
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
};
