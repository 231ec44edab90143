import type {EntryExpectation, SyncedConnection} from '../../verdict/exchange/types.ts';
import type {
  CountersStep,
  EntriesStep,
  ExchangeSpec,
  PacketStep,
  RepeatStep,
  ShowsStep,
  SyncedStep,
  SysctlStep,
  Sysctls,
  TogetherStep,
} from './types.ts';

/** The default export of an exchange's file. */
export interface ExchangeDefinition {
  readonly kind: 'exchange';
  readonly spec: ExchangeSpec;
}

/** States an exchange: packets that nodes send as they are told, and the path of each and of all that they cause. */
export const exchange = (spec: ExchangeSpec): ExchangeDefinition => ({kind: 'exchange', spec});

/** One packet, with its path and what it causes. The next step waits until it has come through. */
export const packet = (fields: Omit<PacketStep, 'kind'>): PacketStep => ({
  ...fields,
  kind: 'packet',
});

/** Packets of one node in one go, such as the fragments of one: they come through together. */
export const together = (...packets: readonly PacketStep[]): TogetherStep => ({
  kind: 'together',
  packets,
});

/** A packet so many times from one source port after the other (TCP, UDP, SCTP), in one go; the paths are taken in turn. */
export const repeat = (
  times: number,
  fields: RepeatStep['packet'],
  paths: RepeatStep['paths'],
): RepeatStep => ({kind: 'repeat', times, packet: fields, paths});

type Proof = {readonly proves?: readonly string[]};

/** The director has these connection entries now, and no others. */
export const entries = (list: readonly EntryExpectation[], options: Proof = {}): EntriesStep => ({
  ...options,
  kind: 'entries',
  entries: list,
});

/** Waits until the director has these connection entries and no others. */
export const untilEntries = (
  list: readonly EntryExpectation[],
  options: Proof & {readonly within?: number} = {},
): EntriesStep => ({within: 20, ...entries(list, options), ...options});

/** A node shows lines, and does not show others, in a file below /proc or the output of a command. */
export const shows = (fields: Omit<ShowsStep, 'kind'>): ShowsStep => ({...fields, kind: 'shows'});

/** Counters of nstat at a node are now so much higher than before the first step. */
export const rose = (
  node: string,
  counters: CountersStep['rose'],
  options: Proof = {},
): CountersStep => ({...options, kind: 'counters', node, rose: counters});

/** Sets sysctls of a node. */
export const setSysctl = (node: string, values: Sysctls): SysctlStep => ({
  kind: 'sysctl',
  node,
  values,
});

/** Waits until the director's sync daemon has told of these connections; it tells of no others. */
export const tells = (
  connections: readonly SyncedConnection[],
  options: Proof & Pick<SyncedStep, 'version' | 'ports'> = {},
): SyncedStep => ({...options, kind: 'synced', connections});
