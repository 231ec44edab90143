import {InputError} from '../../problem.ts';
import {parseEnd} from '../../verdict/exchange/entries.ts';
import type {SyncedConnection} from '../../verdict/exchange/types.ts';
import {build} from '../../wire/build.ts';
import type {IpvsSyncFields} from '../../wire/ipvs-sync.ts';
import {protocolNumbers} from '../../verdict/connections.ts';

/** What a sync message tells of a connection. */
export interface ToldConnection extends SyncedConnection {
  /** Default tcp. */
  readonly protocol?: 'tcp' | 'udp' | 'sctp';
  /** By its number among the protocol's own states (include/net/ip_vs.h, IP_VS_TCP_S_*); default 1, ESTABLISHED of TCP. */
  readonly state?: number;
  /** IP_VS_CONN_F_* (include/uapi/linux/ip_vs.h); default none. */
  readonly flags?: number;
}

/** A message of the sync daemon as it is built: what it does not say is computed. */
export type SyncMessage = {
  readonly id: number;
  /** The size field; default the length of what is sent. */
  readonly size?: number;
  /** The count field. */
  readonly count?: number;
  /** So many bytes are missing at its end. */
  readonly cut?: number;
} & (
  | {readonly version: 0; readonly connections: readonly ToldConnection[]}
  | {
      readonly version: 1;
      /** `timeout` in seconds; by default the receiver's own. */
      readonly connections: readonly (ToldConnection & {readonly timeout?: number})[];
    }
);

/**
 * The bytes of a sync message, as a datagram carries them. Throws InputError, with `where` as its place, for a name that nobody has,
 * and for a cut that leaves nothing.
 */
export function syncMessageBytes(
  message: SyncMessage,
  addressOf: (name: string) => string,
  where: string,
): Uint8Array {
  const {cut = 0} = message;
  const whole = build([layerOf(message, addressOf, undefined)]).length;
  if (cut >= whole)
    throw new InputError({
      what: 'the sync message is not so long',
      where,
      value: String(cut),
      valid: [`a cut of 0 to ${whole - 1} bytes`],
      next: 'cut less off its end',
    });
  return build([layerOf(message, addressOf, whole - cut)]).subarray(0, whole - cut);
}

function layerOf(
  message: SyncMessage,
  addressOf: (name: string) => string,
  size: number | undefined,
): IpvsSyncFields {
  const {id, count} = message;
  const shared = {kind: 'ipvs-sync', syncId: id, size: message.size ?? size, count} as const;
  const told = ({client, virtual, server, protocol = 'tcp', state, flags}: ToldConnection) => {
    const ends = {client: endOf(client), virtual: endOf(virtual), server: endOf(server)};
    return {
      client: ends.client.address,
      clientPort: ends.client.port,
      virtual: ends.virtual.address,
      virtualPort: ends.virtual.port,
      destination: ends.server.address,
      destinationPort: ends.server.port,
      protocol: protocolNumbers[protocol],
      ...(state === undefined ? {} : {state}),
      ...(flags === undefined ? {} : {flags}),
    };
  };
  return message.version === 0
    ? {...shared, version: 0, connections: message.connections.map(told)}
    : {
        ...shared,
        version: 1,
        connections: message.connections.map(({timeout = 0, ...one}) => ({...told(one), timeout})),
      };

  function endOf(text: string): {readonly address: string; readonly port: number} {
    const {address, port} = parseEnd(text);
    return {address: addressOf(address), port};
  }
}
