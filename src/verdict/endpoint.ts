import type {ConnectionEntry} from '../ipvs/types.ts';
import {canonical} from '../topology/ip.ts';
import {tupleIn} from '../trace/essence.ts';
import {ipHeaders} from '../wire/packet.ts';
import type {Case} from './case.ts';
import type {Connection} from './connections.ts';

type Endpoint = ConnectionEntry['client'];

export const word = ({address, port}: Endpoint): string => `${canonical(address)}:${port}`;

/** What the packets at the real server say: the address and port that it was sent to, or its RIP where those are VIP's. */
export function destinationOf(judged: Case, connection: Connection): Endpoint | undefined {
  const {server, request} = connection;
  const virtual = connection.virtual?.address ?? judged.virtual;
  const last = request[0]?.crossings.at(-1);
  const tuple = last === undefined ? undefined : tupleIn(last.any.packet);
  if (server === undefined || last === undefined || tuple === undefined) return undefined;
  if (tuple.destination !== virtual)
    return {address: tuple.destination, port: tuple.destinationPort};
  const outer = ipHeaders(last.any.packet).at(-2);
  return {address: outer?.destination ?? server.address, port: tuple.destinationPort};
}
