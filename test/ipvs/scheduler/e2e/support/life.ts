import {parseConnections} from '../../../../../src/ipvs/connections.ts';
import {predict, type WorldEvent} from '../../support/predict.ts';
import type {ModelledService} from '../../../../../src/ipvs/scheduler/world.ts';
import {formatEndpoint} from '../../../../../src/ipvs/text.ts';
import {sourceOf} from './arrivals.ts';

const vip = '198.51.100.80';
const server = (last: number, port: number, weight: number, upperThreshold = 0) => ({
  address: `203.0.113.${last}`,
  port,
  weight,
  upperThreshold,
});
/** Real servers that answer, none of which must refuse a connection in the end: two nodes, two ports. */
const full = server(22, 8080, 4, 3);
const servers = [server(21, 80, 3), server(21, 8080, 3), server(22, 80, 2), full];

/** Connections to servers that answer, from the SYN to the expiry of the entry. */
export interface Life {
  readonly service: ModelledService;
  readonly events: readonly WorldEvent[];
}

/** Fills servers, closes connections by FIN and by RST, waits until those have expired, and opens more. */
export function lifeOf(scheduler: string, port: number): Life {
  let opened = 0;
  const open = (count: number): readonly WorldEvent[] =>
    Array.from({length: count}, () => {
      const connection = `${(opened += 1)}`;
      const arrival = {
        source: sourceOf('v4', opened),
        sourcePort: 30000 + (port % 100) * 100 + opened,
        destination: vip,
        destinationPort: port,
        protocol: 'tcp' as const,
      };
      return [
        {kind: 'open' as const, connection, arrival},
        {kind: 'established' as const, connection},
      ];
    }).flat();
  const each = (kind: 'closing' | 'expired', names: readonly number[]): readonly WorldEvent[] =>
    names.map(name => ({kind, connection: `${name}`}));
  return {
    service: {
      key: {kind: 'address', protocol: 'tcp', address: vip, port},
      scheduler,
      flags: [],
      realServers: servers.map(one => ({...one, forward: 'masq' as const})),
    },
    events: [
      ...open(9),
      ...each('closing', [1, 2, 5, 6]),
      ...open(3),
      ...each('expired', [2, 6]),
      ...open(5),
    ],
  };
}

/** The events as lines for the driver: connections of even number end by RST, the others by FIN. */
export function lifeScript({service, events}: Life): string {
  const {key} = service;
  if (key.kind === 'fwmark') throw new Error('a life is of a service with an address');
  const at = `-t ${formatEndpoint(key)}`;
  const lines = [
    `-A ${at} -s ${service.scheduler}`,
    ...service.realServers.map(
      one => `-a ${at} -r ${formatEndpoint(one)} -m -w ${one.weight} -x ${one.upperThreshold ?? 0}`,
    ),
  ];
  return [
    `ipvsadm -R <<'END'\n${lines.join('\n')}\nEND`,
    ...events.flatMap(event => {
      if (event.kind === 'open') {
        const {source, sourcePort, destination, destinationPort} = event.arrival;
        return `connect ${event.connection} ${source} ${sourcePort} ${destination} ${destinationPort}`;
      }
      if (event.kind === 'closing')
        return `${Number(event.connection) % 2 === 0 ? 'reset' : 'close'} ${event.connection}`;
      return event.kind === 'expired' ? `gone ${event.connection}` : [];
    }),
  ].join('\n');
}

/** The server of each connection by client: in the model, and by the entries that the driver printed. */
export function livesOf({service, events}: Life, output: string) {
  const clients = new Map(
    events.flatMap(event =>
      event.kind === 'open'
        ? [[event.connection, `${event.arrival.source}:${event.arrival.sourcePort}`]]
        : [],
    ),
  );
  return {
    model: predict(service, events).map(({connection, server: chosen}) =>
      [clients.get(connection), chosen === undefined ? 'none' : formatEndpoint(chosen)].join(' > '),
    ),
    kernel: parseConnections(output).map(({client, destination}) =>
      [formatEndpoint(client), formatEndpoint(destination)].join(' > '),
    ),
  };
}
