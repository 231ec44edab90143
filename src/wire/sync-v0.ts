import {formatIpv4, parseFamily} from './address.ts';
import {concat, setU16, u16} from './bytes.ts';
import type {SyncConnectionV0, SyncSequences} from './message-types.ts';
import type {Span} from './types.ts';
import type {Walk} from './walk.ts';

// A connection of version 0: reserved 1, protocol 1; client, virtual, destination port 2 each; client, virtual,
// destination address 4 each; flags 2, state 2; with a sequence flag, incoming and outgoing sequences 12 each.
const fixedLength = 24;
/** IP_VS_CONN_F_SEQ_MASK (include/uapi/linux/ip_vs.h): sequences of one direction or the other are shifted. */
const sequenceFlags = 0x0600;
const sequencesLength = 24;

/** The connection at `at`, or undefined, and the walk halted, when it does not fit. */
export function readSyncV0(walk: Walk, at: number, what: string): SyncConnectionV0 | undefined {
  if (walk.lacks(fixedLength, what, at)) return undefined;
  const {bytes} = walk;
  const flags = u16(bytes, at + 20);
  const hasSequences = (flags & sequenceFlags) !== 0;
  const length = fixedLength + (hasSequences ? sequencesLength : 0);
  if (walk.lacks(length, what, at)) return undefined;
  return {
    offset: at,
    length,
    protocol: bytes[at + 1] ?? 0,
    flags,
    state: u16(bytes, at + 22),
    client: formatIpv4(bytes, at + 8),
    clientPort: u16(bytes, at + 2),
    virtual: formatIpv4(bytes, at + 12),
    virtualPort: u16(bytes, at + 4),
    destination: formatIpv4(bytes, at + 16),
    destinationPort: u16(bytes, at + 6),
    ...(hasSequences ? {sequences: readSequences(bytes, at + fixedLength, true)} : undefined),
  };
}

/** Two struct ip_vs_seq: in network order in version 1, in that of the sender's CPU in version 0. */
export function readSequences(bytes: Uint8Array, at: number, littleEndian: boolean): SyncSequences {
  const data = new DataView(bytes.buffer, bytes.byteOffset + at, sequencesLength);
  const one = (from: number) => ({
    initial: data.getUint32(from, littleEndian),
    delta: data.getUint32(from + 4, littleEndian),
    previousDelta: data.getUint32(from + 8, littleEndian),
  });
  return {incoming: one(0), outgoing: one(12)};
}

export function encodeSequences(sequences: SyncSequences, littleEndian: boolean): Uint8Array {
  const data = new DataView(new ArrayBuffer(sequencesLength));
  for (const [i, {initial, delta, previousDelta}] of [
    sequences.incoming,
    sequences.outgoing,
  ].entries()) {
    data.setUint32(12 * i, initial, littleEndian);
    data.setUint32(12 * i + 4, delta, littleEndian);
    data.setUint32(12 * i + 8, previousDelta, littleEndian);
  }
  return new Uint8Array(data.buffer);
}

type Needed =
  'client' | 'clientPort' | 'virtual' | 'virtualPort' | 'destination' | 'destinationPort';
/** A connection to build: TCP (6) in state 1, ESTABLISHED, without flags by default. */
export type SyncFields<Connection> = Pick<Connection, Needed & keyof Connection> &
  Partial<Omit<Connection, keyof Span | Needed>>;
export type SyncV0Fields = SyncFields<SyncConnectionV0>;

/** Sequences are written when they are given, whatever the flags say. */
export function encodeSyncV0(connections: readonly SyncV0Fields[]): Uint8Array {
  return concat(
    ...connections.map(connection => {
      const {sequences} = connection;
      const fixed = new Uint8Array(fixedLength);
      fixed[1] = connection.protocol ?? 6;
      setU16(fixed, 2, connection.clientPort);
      setU16(fixed, 4, connection.virtualPort);
      setU16(fixed, 6, connection.destinationPort);
      fixed.set(parseFamily(connection.client, 'ipv4'), 8);
      fixed.set(parseFamily(connection.virtual, 'ipv4'), 12);
      fixed.set(parseFamily(connection.destination, 'ipv4'), 16);
      setU16(fixed, 20, connection.flags ?? 0);
      setU16(fixed, 22, connection.state ?? 1);
      return sequences === undefined ? fixed : concat(fixed, encodeSequences(sequences, true));
    }),
  );
}
