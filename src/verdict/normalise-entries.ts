import {parseConnections} from '../ipvs/connections.ts';
import {InputError} from '../problem.ts';
import type {RunFolder} from '../run-folder/types.ts';
import {canonical} from '../topology/ip.ts';
import type {Connection} from './connections.ts';
import {dataPort, type DataConnection} from './ftp-data.ts';
import type {Observation} from './observation.ts';

/** What of a run its observations are of. */
export interface Seen {
  readonly run: RunFolder;
  readonly name: (address: string) => string;
  readonly connections: readonly Connection[];
  readonly data: readonly DataConnection[];
}

/** A data connection by its control connection, and which of that one's it is. */
export function wordData(
  connections: readonly Connection[],
  data: readonly DataConnection[],
  one: DataConnection,
): string {
  const control = connections.findIndex(({flow}) => flow === one.controlledBy.flow);
  const own = data.filter(({controlledBy}) => controlledBy.flow === one.controlledBy.flow);
  return `connection ${control + 1}, data ${own.indexOf(one) + 1}`;
}

/** Without the seconds left; each at its connection, any other by its addresses. */
export function entries({run, name, connections, data}: Seen, node: string): Observation[] {
  return readable(node, 'ipvsadm -Lnc', () => {
    return parseConnections(run.text(node, 'ipvsadm-Lnc')).map(
      ({protocol, state, client, virtual, destination}) => {
        const one = data.find(({flow: {tuple}, ports}) => {
          const port = ports.get(dataPort);
          const ends = [tuple.source, tuple.destination].includes(canonical(client.address));
          return ends && (client.port === port || virtual.port === port);
        });
        if (one !== undefined)
          return {
            of: wordData(connections, data, one),
            what: `entry on ${node}, ${protocol}`,
            value: `${state} > ${name(canonical(destination.address))}`,
          };
        const number = connections.findIndex(
          ({flow: {tuple}}) =>
            tuple.source === canonical(client.address) && tuple.sourcePort === client.port,
        );
        const service = `${protocol} ${name(canonical(virtual.address))}:${virtual.port}`;
        const value = `${state} > ${name(canonical(destination.address))}:${destination.port}`;
        return {
          of: number < 0 ? node : `connection ${number + 1}`,
          what: `entry on ${node}, ${number < 0 ? `${name(canonical(client.address))} > ` : ''}${service}`,
          value,
        };
      },
    );
  });
}

/** What a node printed is evidence, also when it is no listing. */
export function readable(node: string, what: string, read: () => Observation[]): Observation[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [{of: node, what, value: `not readable: ${error.problems[0]?.what ?? ''}`}];
  }
}
