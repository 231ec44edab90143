import {tupleIn} from '../trace/essence.ts';
import type {Flow, Path, Trace, Tuple} from '../trace/types.ts';
import type {Family, Node, Topology} from '../topology/types.ts';
import {ipHeaders} from '../wire/packet.ts';
import {controlOf, type Control} from './ftp-control.ts';
import type {Direction} from './hops.ts';
import {perDatagram} from './one-packet.ts';
import type {Expectation} from './types.ts';

/** Numbers of the IP protocols that a lab's service can have (IANA). */
export const protocolNumbers = {tcp: 6, udp: 17, sctp: 132} as const;

/** The real server that a connection was given to. */
export interface Chosen {
  readonly node: string;
  /** Its RIP. */
  readonly address: string;
  /** Its family, where that is not the lab's. */
  readonly family?: Family | undefined;
  /** The port that it listens on. */
  readonly port: number;
}

/** A connection to the virtual service; with one-packet scheduling, a request and what answers it. */
export interface Connection {
  readonly flow: Flow;
  readonly request: readonly Path[];
  readonly reply: readonly Path[];
  /** The address that its client sent from, where that is one beyond the client's own: CIP of this connection. */
  readonly client: string | undefined;
  /** Where it goes to, where that is not the expected virtual address and port: VIP of this connection. */
  readonly virtual: {readonly address: string; readonly port: number} | undefined;
  /** Bound once, by the first request that got near a real server; undefined when none did. */
  readonly server: Chosen | undefined;
  /** Ports by name, each bound by its first use. */
  readonly ports: Map<string, number>;
  /** What a helper must make of it: see ftp-control.ts. */
  readonly control?: Control | undefined;
}

/** The connections to the expected virtual address and port, in order of time, and all other flows. */
export function findConnections(
  trace: Trace,
  topology: Topology,
  expectation: Expectation,
  virtual: string,
): {readonly connections: readonly Connection[]; readonly strays: readonly Flow[]} {
  const {port} = expectation.virtual;
  const protocol = protocolNumbers[expectation.protocol];
  const {virtuals = []} = expectation;
  const wanted = new Set([{address: virtual, port}, ...virtuals].map(word));
  const isVirtual = (tuple: Tuple | undefined): boolean =>
    tuple?.protocol === protocol &&
    (wanted.has(word({address: tuple.destination, port: tuple.destinationPort})) ||
      wanted.has(word({address: tuple.source, port: tuple.sourcePort})));
  const servers = expectation.realServers.flatMap(({node: name, port: listens, family}) => {
    const node = topology.nodes.find(candidate => candidate.name === name);
    const address =
      node === undefined ? undefined : serverAddress(node, family ?? expectation.family);
    return address === undefined ? [] : [{node: name, address, family, port: listens}];
  });
  const connections: Connection[] = [];
  const strays: Flow[] = [];
  for (const flow of trace.flows) {
    // Errors alone are no connection.
    const serves =
      (flow.paths.length > 0 && isVirtual(flow.tuple)) ||
      flow.paths.some(({crossings}) => crossings.some(({any}) => isVirtual(tupleIn(any.packet))));
    if (!serves) strays.push(flow);
    else {
      const isRequest = (path: Path): boolean => directionOf(flow, path) === 'request';
      const parts = expectation.onePacket === true ? perDatagram(flow, isRequest) : [flow];
      const client = expectation.clients?.find(address => address === flow.tuple.source);
      const {destination: address, destinationPort} = flow.tuple;
      const own = virtuals.find(one => word(one) === word({address, port: destinationPort}));
      for (const part of parts) {
        const request = part.paths.filter(isRequest);
        const reply = part.paths.filter(path => !isRequest(path));
        const server = chosenBy(request, servers);
        const connection: Connection = {
          flow: part,
          request,
          reply,
          client,
          virtual: own,
          server,
          ports: new Map(),
        };
        const vip = own?.address ?? virtual;
        connections.push(
          expectation.ftp === undefined
            ? connection
            : {...connection, control: controlOf(connection, vip)},
        );
      }
    }
  }
  return {connections, strays};
}

const word = ({address, port}: {readonly address: string; readonly port: number}): string =>
  `${address} ${port}`;

/** What the maker of the first packet makes is a request; all else is a reply. */
export const directionOf = (flow: Flow, path: Path): Direction =>
  path.origin === flow.origin ? 'request' : 'reply';

/** The address by which a director knows a real server: the one that the topology calls RIP. */
function serverAddress({interfaces}: Node, family: Expectation['family']): string | undefined {
  const named = interfaces.find(({names}) => names.some(name => name.startsWith('RIP')));
  return (named ?? interfaces[0])?.address[family];
}

/**
 * Where the first request ended, or else the real server whose MAC or address it was sent to. A crossing that only one
 * end saw is asked last: it may have been altered.
 */
function chosenBy(requests: readonly Path[], servers: readonly Chosen[]): Chosen | undefined {
  const crossings = requests.flatMap(path => path.crossings.toReversed());
  const whole = crossings.filter(
    ({sent, received}) => sent !== undefined && received !== undefined,
  );
  for (const {to, any} of [...whole, ...crossings]) {
    const addressed = new Set(ipHeaders(any.packet).map(({destination}) => destination));
    const server =
      servers.find(({node}) => node === to) ?? servers.find(({address}) => addressed.has(address));
    if (server !== undefined) return server;
  }
  return undefined;
}
