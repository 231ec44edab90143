import {concat, setU16, u16} from './bytes.ts';
import type {Inner} from './layer.ts';
import type {IpvsSync, SyncConnection} from './message-types.ts';
import {encodeSyncV0, readSyncV0, type SyncV0Fields} from './sync-v0.ts';
import {encodeSyncV1, readSyncV1, type SyncV1Fields} from './sync-v1.ts';
import type {Ip} from './types.ts';
import type {Walk} from './walk.ts';

// The IPVS connection sync daemon (net/netfilter/ipvs/ip_vs_sync.c) multicasts on UDP. Version 0: count 1, sync id 1,
// size 2. Version 1: zero 1, sync id 1, size 2, count 1, version 1, zeros 2. Then the connections.
const headerLengths = {0: 4, 1: 8} as const;

/** IP_VS_SYNC_PORT; each further thread of the daemon (sysctl sync_ports) takes the next one. */
export const defaultSyncPorts: readonly number[] = [8848];

/** Whether a packet goes to a multicast group, 224.0.0.81 unless the daemon is told another. */
export function isMulticast(ip: Ip | undefined): boolean {
  if (ip === undefined) return false;
  if (ip.kind === 'ipv6') return ip.destination.startsWith('ff');
  return Number.parseInt(ip.destination, 10) >>> 4 === 14;
}

export function decodeIpvsSync(walk: Walk): undefined {
  if (walk.lacks(headerLengths[0], 'ipvs sync header')) return undefined;
  const {bytes, offset} = walk;
  const shared = {
    kind: 'ipvs-sync',
    offset,
    syncId: bytes[offset + 1] ?? 0,
    size: u16(bytes, offset + 2),
  } as const;
  const version = versionOf(walk);
  const length = headerLengths[version];
  const count = bytes[version === 1 ? offset + 4 : offset] ?? 0;
  const message = {...shared, length, count};
  walk.read(
    version === 1
      ? {...message, version, connections: readAll(walk, length, count, readSyncV1)}
      : {...message, version, connections: readAll(walk, length, count, readSyncV0)},
  );
}

/** As the kernel tells them apart: version 1 has zeros where version 0 counts, and behind its version. */
function versionOf({bytes, offset, end}: Walk): 0 | 1 {
  if (end - offset < headerLengths[1]) return 0;
  const isV1 = bytes[offset] === 0 && bytes[offset + 5] === 1 && u16(bytes, offset + 6) === 0;
  return isV1 ? 1 : 0;
}

/** The connections as far as they can be read; the walk says why not further. Each begins at a multiple of four. */
function readAll<Connection extends SyncConnection>(
  walk: Walk,
  start: number,
  count: number,
  read: (walk: Walk, at: number, what: string) => Connection | undefined,
): readonly Connection[] {
  const connections: Connection[] = [];
  let at = walk.offset + start;
  while (connections.length < count && walk.stop === undefined) {
    const connection = read(walk, at, `ipvs sync connection ${connections.length + 1} of ${count}`);
    if (connection === undefined) break;
    connections.push(connection);
    at += Math.ceil(connection.length / 4) * 4;
  }
  return connections;
}

export type IpvsSyncFields = {
  readonly kind: 'ipvs-sync';
  readonly syncId?: number | undefined;
  /** The size field, computed by default. */
  readonly size?: number | undefined;
  /** The count field, computed by default. */
  readonly count?: number | undefined;
} & (
  | {readonly version: 0; readonly connections: readonly SyncV0Fields[]}
  | {readonly version: 1; readonly connections: readonly SyncV1Fields[]}
);

/** @throws {InputError} for an address that is none, or not of the family of its connection. */
export function encodeIpvsSync(fields: IpvsSyncFields, inner: Inner): Uint8Array {
  const {version, syncId = 0} = fields;
  const header = new Uint8Array(headerLengths[version]);
  const encoded =
    fields.version === 1 ? encodeSyncV1(fields.connections) : encodeSyncV0(fields.connections);
  const count = fields.count ?? fields.connections.length;
  header[0] = version === 0 ? count : 0;
  header[1] = syncId;
  if (version === 1) header.set([count, version], 4);
  const message = concat(header, encoded, inner.bytes);
  setU16(message, 2, fields.size ?? message.length);
  return message;
}

const shownConnections = 3;

/** `ipvs-sync v1 id 5 1 of 1: CIP:40312 VIP:80 RIP1:80 protocol 6 state 1`; of many connections the first ones. */
export function printIpvsSync(header: IpvsSync, name: (address: string) => string): string {
  const {version, syncId, count, connections} = header;
  const more = connections.length > shownConnections ? ', …' : '';
  const end = (address: string, port: number): string => {
    const named = name(address);
    return named.includes(':') ? `[${named}]:${port}` : `${named}:${port}`;
  };
  const shown = connections
    .slice(0, shownConnections)
    .map(({client, clientPort, virtual, virtualPort, destination, destinationPort, ...rest}) =>
      [
        end(client, clientPort),
        end(virtual, virtualPort),
        end(destination, destinationPort),
        `protocol ${rest.protocol} state ${rest.state}`,
      ].join(' '),
    );
  const list = shown.length === 0 ? '' : `: ${shown.join(', ')}${more}`;
  return `ipvs-sync v${version} id ${syncId} ${connections.length} of ${count}${list}`;
}
