import {departure} from '../trace/essence.ts';
import type {Flow} from '../trace/types.ts';
import {canonical} from '../topology/ip.ts';
import {directionOf, type Connection} from './connections.ts';
import type {Ftp} from './types.ts';

/** The name that a lab gives to the port that a control connection announces. */
export const dataPort = 'DPORT';

/** A data connection, with the control connection that announced it. */
export interface DataConnection extends Connection {
  readonly controlledBy: Connection;
}

/**
 * The flows that are the data connections of control connections, each announcement's once and after it was made: to the
 * announced port, at the VIP or where the announcement says. All that they must be is that of their control connection:
 * its real server, its client, and the announced port as `DPORT`.
 */
export function findData(
  controls: readonly Connection[],
  strays: readonly Flow[],
  virtual: string,
  {command}: Ftp,
): readonly DataConnection[] {
  const active = command === 'PORT' || command === 'EPRT';
  const open = controls.flatMap(connection =>
    (connection.control?.announced ?? []).map(announced => ({connection, announced})),
  );
  return strays.flatMap((flow): DataConnection[] => {
    const {tuple, paths} = flow;
    const first = paths[0]?.crossings[0];
    const at = open.findIndex(({connection, announced: {address, port, at: since}}) => {
      const client = connection.flow.tuple.source;
      const ends = [
        active ? client : virtual,
        ...(address === undefined ? [] : [canonical(address)]),
      ];
      return (
        first !== undefined &&
        since < departure(first) &&
        tuple.protocol === connection.flow.tuple.protocol &&
        tuple.destinationPort === port &&
        ends.includes(tuple.destination) &&
        (active || tuple.source === client)
      );
    });
    const found = open[at];
    if (found === undefined) return [];
    open.splice(at, 1);
    const {connection, announced} = found;
    return [
      {
        flow,
        request: paths.filter(path => directionOf(flow, path) === 'request'),
        reply: paths.filter(path => directionOf(flow, path) === 'reply'),
        client: connection.client,
        virtual: connection.virtual,
        server: connection.server,
        ports: new Map([[dataPort, announced.port]]),
        controlledBy: connection,
      },
    ];
  });
}
