import type {ConnectionEntry} from '../ipvs/types.ts';
import type {Case} from './case.ts';
import {word} from './endpoint.ts';
import type {DataConnection} from './ftp-data.ts';

/** Who an entry is of, and where it leads. */
type Entry = Pick<ConnectionEntry, 'client' | 'virtual' | 'destination'>;

export const wordOfEntry = ({client, virtual, destination}: Entry): string =>
  `${word(client)} ${word(virtual)} ${word(destination)}`;

/**
 * The entry of a data connection (ip_vs_ftp.c). Passive: from the client's port to the announced one, the same at VIP and RIP.
 * Active: from the announced port of the client to the ports below those of the service and the real server.
 */
export function entryOf(
  {virtual: vip, expectation}: Pick<Case, 'virtual' | 'expectation'>,
  {flow: {tuple}, controlledBy, server, virtual}: DataConnection,
): Entry {
  const active = expectation.ftp?.command === 'PORT' || expectation.ftp?.command === 'EPRT';
  const {port} = virtual ?? expectation.virtual;
  const at = (address: string, control: number): Entry['client'] => ({
    address,
    port: active ? control - 1 : tuple.destinationPort,
  });
  return {
    client: {
      address: controlledBy.flow.tuple.source,
      port: active ? tuple.destinationPort : tuple.sourcePort,
    },
    virtual: at(virtual?.address ?? vip, port),
    destination: at(server?.address ?? '', server?.port ?? 0),
  };
}
