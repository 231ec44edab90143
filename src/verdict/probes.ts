import {interfaceOn, nodeByName, sharedNetworks} from '../topology/names.ts';
import type {Topology} from '../topology/types.ts';
import type {Flow} from '../trace/types.ts';
import {transport} from '../wire/packet.ts';
import {directionOf, protocolNumbers} from './connections.ts';
import type {Expectation, Health} from './types.ts';

/** A TCP connection by which a director asks a real server whether it serves. */
export interface Probe {
  readonly flow: Flow;
  /** The real server. */
  readonly node: string;
  /** When its SYN was sent, in nanoseconds. */
  readonly at: bigint;
  /** When it was answered, or else `at`. */
  readonly answeredAt: bigint;
  /** What came back first: whether it accepted or refused; undefined when neither. */
  readonly answer: 'accepted' | 'refused' | undefined;
}

/** The flows beside the service that are a director's checks: from its own address to a RIP and port of the service. */
export function findProbes(
  topology: Topology,
  expectation: Expectation,
  strays: readonly Flow[],
  {node: director}: Health,
): readonly Probe[] {
  const servers = expectation.realServers.flatMap(({node, port}) => {
    const [from, to] = [nodeByName(topology, director), nodeByName(topology, node)];
    return sharedNetworks(from, to).map(network => ({
      node,
      port,
      source: interfaceOn(from, network)?.address[expectation.family],
      destination: interfaceOn(to, network)?.address[expectation.family],
    }));
  });
  return strays.flatMap(flow => {
    const {tuple, origin, paths} = flow;
    const server = servers.find(
      ({port, source, destination}) =>
        origin === director &&
        tuple.protocol === protocolNumbers.tcp &&
        tuple.source === source &&
        tuple.destination === destination &&
        tuple.destinationPort === port,
    );
    const at = paths[0]?.crossings[0]?.any.frame.time;
    return server === undefined || at === undefined
      ? []
      : [{flow, node: server.node, at, ...answerOf(flow, at)}];
  });
}

function answerOf(flow: Flow, at: bigint): Pick<Probe, 'answer' | 'answeredAt'> {
  const first = flow.paths.find(path => directionOf(flow, path) === 'reply')?.crossings[0];
  const header = first === undefined ? undefined : transport(first.any.packet);
  if (first === undefined || header?.kind !== 'tcp') return {answer: undefined, answeredAt: at};
  const {flags} = header;
  return {
    answer: flags.includes('R') ? 'refused' : flags.includes('S') ? 'accepted' : undefined,
    answeredAt: first.any.frame.time,
  };
}
