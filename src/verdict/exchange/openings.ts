import type {Endpoint} from '../../ipvs/text.ts';
import type {ConnectionEntry} from '../../ipvs/types.ts';
import type {RunFolder} from '../../run-folder/types.ts';
import {arrival, tupleKey} from '../../trace/essence.ts';
import type {Tuple} from '../../trace/types.ts';
import {transport} from '../../wire/packet.ts';
import {protocolNumbers} from '../connections.ts';
import {opens} from '../counted.ts';
import {word} from '../endpoint.ts';
import {readEntries} from './entries.ts';
import {icmpOf} from './inner.ts';
import type {Passage} from './passages.ts';
import {sysctlAt, timeoutsIn, type SysctlAt} from './sysctls.ts';
import type {Told} from './told.ts';
import type {ExchangeExpectation} from './types.ts';

/** A connection entry of the director, by what was seen last of it. */
export interface Known {
  readonly tuple: Tuple;
  readonly step: number;
  /** The last packet that came for it; undefined where nothing but sync messages did. */
  readonly passage: Passage | undefined;
  readonly server: Endpoint | undefined;
  /** For how many seconds it lives at least, by what was seen last of it. */
  readonly seconds: number;
  /** Nanoseconds: when the last packet, or sync message, came for it. */
  readonly at: bigint;
  /** `maybe`: it is not known whether the packet made it, or the message. */
  readonly there: 'yes' | 'maybe' | 'no';
}

/** A packet that made an entry, or may have. */
export interface Opening {
  readonly passage: Passage;
  readonly sure: boolean;
}

/** What the packets of the service tell of the entries at the director. */
export interface Entries {
  readonly openings: readonly Opening[];
  /** At the end, by the ends of the client and the virtual service. */
  readonly known: ReadonlyMap<string, Known>;
  /** Whether an entry that is known can have ended `since`, by itself, by a change of the service or at random. */
  readonly canHaveEnded: (known: Known, at: bigint, step: number) => boolean;
}

/**
 * Which packets made connection entries, as a scheduler counts them: the first one that is sent on of a client's port, and each
 * that follows where the table was seen without it, or another real server gets the packet. Where an entry can have ended in
 * between, and the packet could make one anew, nobody can tell. An entry that a sync message told of was made by no packet: it is
 * there where the table was seen with it.
 */
export function entriesOf(
  run: RunFolder,
  expectation: ExchangeExpectation,
  passages: readonly Passage[],
  told: readonly Told[],
  onePacket: boolean,
): Entries {
  const sysctl = sysctlAt(run, expectation);
  const lives = livesOf(run, expectation);
  const canHaveEnded = endings(run, expectation, sysctl);
  const tables = tablesOf(run, expectation);
  const known = new Map<string, Known>();
  const openings: Opening[] = [];
  const left = [...told];
  const takeTold = (until: bigint): void => {
    for (let [one] = left; one !== undefined && one.at <= until; [one] = left) {
      known.set(tupleKey(one.tuple), toldOf(one, known, lives));
      left.shift();
    }
  };
  for (const [i, passage] of passages.entries()) {
    const {tuple, step, counted, server} = passage;
    if (passage.side === 'out' || tuple === undefined || counted === 'no') continue;
    const key = tupleKey(tuple);
    const at = arrival(passage.came);
    takeTold(at);
    const before = known.get(key);
    const table = tables.findLast(one => one.step < step && one.step > (before?.step ?? 0));
    const listed = table?.keys.has(key) === true && before?.there === 'maybe';
    const unlisted = table !== undefined && !table.keys.has(key);
    const there = unlisted ? 'no' : listed ? 'yes' : (before?.there ?? 'no');
    const can = canOpen(passage, sysctl);
    const isOther =
      before?.server !== undefined && server !== undefined && word(before.server) !== word(server);
    if (onePacket || there === 'no' || isOther) openings.push({passage, sure: counted === 'yes'});
    else if (
      can &&
      before !== undefined &&
      (there === 'maybe' ||
        canHaveEnded(before, at, step) ||
        canBeReused(passage, passages[i - 1] === before.passage, sysctl))
    )
      openings.push({passage, sure: false});
    if (!onePacket)
      known.set(key, {
        tuple,
        step,
        passage,
        server,
        seconds: lives[transport(passage.came.any.packet)?.kind ?? 'icmp'],
        at,
        there: counted === 'yes' || there === 'yes' ? 'yes' : 'maybe',
      });
  }
  takeTold(end);
  return {openings, known, canHaveEnded};
}

/** Behind all times. */
const end = 2n ** 64n;

/** A message about an entry that is there may change how long it lives, and replace it by one at another real server. */
function toldOf(
  {tuple, step, server, at, seconds = Number.POSITIVE_INFINITY}: Told,
  known: ReadonlyMap<string, Known>,
  lives: Lives,
): Known {
  const before = known.get(tupleKey(tuple));
  if (before?.there === 'yes') {
    const same = before.server !== undefined && word(before.server) === word(server);
    return {
      ...before,
      server: same ? server : undefined,
      seconds: Math.min(before.seconds, seconds),
    };
  }
  const kind = transports.find(name => protocolNumbers[name] === tuple.protocol) ?? 'icmp';
  const least = Math.min(lives[kind], seconds);
  return {tuple, step, passage: undefined, server, seconds: least, at, there: 'maybe'};
}

const transports = ['tcp', 'udp', 'sctp'] as const;

/** Whether IPVS asks a scheduler for such a packet (ip_vs_proto_tcp.c, _udp.c, _sctp.c: conn_schedule; ip_vs_core.c). */
function canOpen({came, step}: Passage, sysctl: SysctlAt): boolean {
  const {packet} = came.any;
  if (icmpOf(packet) !== undefined) return sysctl(step, 'schedule_icmp') !== '0';
  const header = transport(packet);
  if (header?.kind === 'tcp')
    return header.flags.includes('S') || sysctl(step, 'sloppy_tcp') !== '0';
  return header?.kind !== 'sctp' || opens(packet) || sysctl(step, 'sloppy_sctp') !== '0';
}

/**
 * A packet that opens a connection may get an entry anew where there is one of an old connection (ip_vs_core.c, is_new_conn), but
 * with conn_reuse_mode alone not when that has `just` been opened itself.
 */
const canBeReused = ({came, step}: Passage, just: boolean, sysctl: SysctlAt): boolean =>
  transport(came.any.packet)?.kind !== 'udp' &&
  opens(came.any.packet) &&
  ((!just && sysctl(step, 'conn_reuse_mode') !== '0') ||
    sysctl(step, 'expire_nodest_conn') !== '0');

/**
 * The shortest lives of entries, in seconds: of TCP the state CLOSE (ip_vs_proto_tcp.c, tcp_timeouts), of UDP what is the
 * default of `ipvsadm --set`; an ICMP error makes one in the state NONE, and SCTP's states may last 3 s (ip_vs_proto_sctp.c).
 */
const shortest = {tcp: 10, udp: 300, sctp: 1, icmp: 1} as const;

type Lives = Readonly<Record<keyof typeof shortest, number>>;

function livesOf(
  run: RunFolder,
  {director, timeouts}: Pick<ExchangeExpectation, 'director' | 'timeouts'>,
): Lives {
  const set = timeoutsIn(timeouts === undefined ? '' : run.text(director, timeouts.text));
  const least = (...names: readonly string[]): number =>
    Math.min(...names.map(name => set.get(name) ?? Number.POSITIVE_INFINITY));
  return {
    ...shortest,
    tcp: Math.min(shortest.tcp, least('tcp', 'tcpfin')),
    udp: Math.min(shortest.udp, least('udp')),
  };
}

function endings(
  run: RunFolder,
  {director}: Pick<ExchangeExpectation, 'director'>,
  sysctl: SysctlAt,
): Entries['canHaveEnded'] {
  const changes = run.record.events
    .filter(({node, edit}) => node === director && edit.kind === 'remove')
    .map(({at}) => BigInt(at));
  return ({seconds, at}, until, step) =>
    until - at >= BigInt(Math.floor(seconds * 1000)) * 1_000_000n ||
    changes.some(time => time > at && time < until) ||
    sysctl(step, 'drop_entry') !== '0';
}

/** The keys of the entries that the director listed at steps. */
function tablesOf(
  run: RunFolder,
  {director, steps}: ExchangeExpectation,
): readonly {readonly step: number; readonly keys: ReadonlySet<string>}[] {
  return steps.flatMap(one => {
    const isTable =
      one.kind === 'entries' ||
      (one.kind === 'shows' && one.node === director && one.what === 'ipvsadm -Lnc');
    const listed = isTable ? readEntries(run.text(director, one.text), '') : undefined;
    return listed === undefined ? [] : [{step: one.step, keys: new Set(listed.flatMap(keyOf))}];
  });
}

/** The key of an entry; none for a template. */
export function keyOf({protocol, client, virtual}: ConnectionEntry): readonly string[] {
  const numbers: Readonly<Record<string, number>> = protocolNumbers;
  const number = numbers[protocol.toLowerCase()];
  return number === undefined || client.port === 0
    ? []
    : [
        tupleKey({
          protocol: number,
          source: client.address,
          sourcePort: client.port,
          destination: virtual.address,
          destinationPort: virtual.port,
        }),
      ];
}
