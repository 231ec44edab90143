import {formatIpv4, formatIpv6, parseFamily} from './address.ts';
import {concat, setU16, setU32, u16, u32, view} from './bytes.ts';
import type {SyncConnectionV1, SyncParameter} from './message-types.ts';
import {encodeSequences, readSequences, type SyncFields} from './sync-v0.ts';
import type {Walk} from './walk.ts';

// A connection of version 1: type 1, protocol 1, version 4 bits, size 12 bits, flags 4, state 2; client, virtual,
// destination port 2 each; fwmark 4, timeout 4; client, virtual, destination address 4 or 16 each; then up to its
// size parameters: type 1, length of the data 1, data. The next connection begins at a multiple of four.
const fixedLength = 24;
const inet6 = 1;
const sequencesLength = 24;

const addressLength = (type: number): 4 | 16 => ((type & inet6) === 0 ? 4 : 16);

/** The connection at `at`, or undefined, and the walk halted, when it does not fit. */
export function readSyncV1(walk: Walk, at: number, what: string): SyncConnectionV1 | undefined {
  if (walk.lacks(4, what, at)) return undefined;
  const {bytes} = walk;
  const type = bytes[at] ?? 0;
  const word = u16(bytes, at + 2);
  const version = word >>> 12;
  const length = word & 0x0fff;
  // The kernel drops the rest of a message for these too: it would not know how to read on.
  if (version !== 0) return walk.halt(`${what} has version ${version}, which is not decoded`, at);
  if (type > inet6) return walk.halt(`${what} has type ${type}, which is not decoded`, at);
  const size = addressLength(type);
  const least = fixedLength + 3 * size;
  if (length < least) return walk.halt(`${what} has size ${length}, below its ${least}`, at);
  if (walk.lacks(length, what, at)) return undefined;
  const format = size === 4 ? formatIpv4 : formatIpv6;
  const addressAt = at + fixedLength;
  return {
    offset: at,
    length,
    type,
    version,
    protocol: bytes[at + 1] ?? 0,
    flags: u32(bytes, at + 4),
    state: u16(bytes, at + 8),
    client: format(bytes, addressAt),
    clientPort: u16(bytes, at + 10),
    virtual: format(bytes, addressAt + size),
    virtualPort: u16(bytes, at + 12),
    destination: format(bytes, addressAt + 2 * size),
    destinationPort: u16(bytes, at + 14),
    fwmark: u32(bytes, at + 16),
    timeout: u32(bytes, at + 20),
    parameters: readParameters(walk, at + least, at + length),
  };
}

/** The parameters as far as they fit; the walk is halted at one that does not. */
function readParameters(walk: Walk, start: number, end: number): readonly SyncParameter[] {
  const {bytes} = walk;
  const parameters: SyncParameter[] = [];
  for (let at = start; at < end;) {
    const length = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
    const type = bytes[at] ?? 0;
    if (length === 0 || at + 2 + length > end) {
      walk.halt(`ipvs sync parameter ${type} does not fit in its connection`, at);
      break;
    }
    parameters.push(readParameter(bytes, type, at + 2, length));
    at += 2 + length;
  }
  return parameters;
}

/** IPVS_OPT_PARAM's bit, told apart from the number: a receiver may ignore a parameter that it does not know. */
const mayBeIgnored = 0x40;

function readParameter(bytes: Uint8Array, type: number, at: number, length: number): SyncParameter {
  const number = type & ~mayBeIgnored;
  if (number === 1 && length === sequencesLength)
    return {type, kind: 'sequences', ...readSequences(bytes, at, false)};
  const data = view(bytes, at, length);
  if (number === 2) return {type, kind: 'pe-data', data};
  if (number === 3) return {type, kind: 'pe-name', name: Buffer.from(data).toString('latin1')};
  return {type, kind: 'other', data};
}

/** Addresses are of the family that `type` says; without it, of the client's. */
export type SyncV1Fields = Omit<SyncFields<SyncConnectionV1>, 'version'>;

export function encodeSyncV1(connections: readonly SyncV1Fields[]): Uint8Array {
  return concat(
    ...connections.map((connection, i) => {
      const bytes = encodeConnection(connection);
      // The last one is not padded.
      const padding = i === connections.length - 1 ? 0 : -bytes.length & 3;
      return concat(bytes, new Uint8Array(padding));
    }),
  );
}

function encodeConnection(connection: SyncV1Fields): Uint8Array {
  const type = connection.type ?? (connection.client.includes(':') ? inet6 : 0);
  const family = (type & inet6) === 0 ? 'ipv4' : 'ipv6';
  const fixed = new Uint8Array(fixedLength);
  fixed[0] = type;
  fixed[1] = connection.protocol ?? 6;
  setU32(fixed, 4, connection.flags ?? 0);
  setU16(fixed, 8, connection.state ?? 1);
  setU16(fixed, 10, connection.clientPort);
  setU16(fixed, 12, connection.virtualPort);
  setU16(fixed, 14, connection.destinationPort);
  setU32(fixed, 16, connection.fwmark ?? 0);
  setU32(fixed, 20, connection.timeout ?? 0);
  const bytes = concat(
    fixed,
    parseFamily(connection.client, family),
    parseFamily(connection.virtual, family),
    parseFamily(connection.destination, family),
    ...(connection.parameters ?? []).map(encodeParameter),
  );
  setU16(bytes, 2, bytes.length & 0x0fff);
  return bytes;
}

function encodeParameter(parameter: SyncParameter): Uint8Array {
  const data = dataOf(parameter);
  return concat(Uint8Array.of(parameter.type, data.length), data);
}

function dataOf(parameter: SyncParameter): Uint8Array {
  switch (parameter.kind) {
    case 'sequences':
      return encodeSequences(parameter, false);
    case 'pe-name':
      return Uint8Array.from(Buffer.from(parameter.name, 'latin1'));
    case 'pe-data':
    case 'other':
      return parameter.data;
  }
}
