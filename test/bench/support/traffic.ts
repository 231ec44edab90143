import {findTopology, ownTopologies} from '../../../src/topology/load.ts';
import {build} from '../../../src/wire/build.ts';
import type {writePcap} from '../../../src/wire/pcap.ts';

/** The topology that the made-up traffic crosses. */
export const topology = findTopology('routed-lan', [ownTopologies]);

type Recorded = Parameters<typeof writePcap>[0][number];
type End = readonly [node: string, interfaceName: string];
interface Hop {
  readonly from: End;
  readonly to: End;
}

const [client, outer, inner, director, server] = [
  ['client', 'eth0'],
  ['router', 'eth0'],
  ['router', 'eth1'],
  ['director', 'eth0'],
  ['rs1', 'eth0'],
] as const satisfies readonly End[];

/** The paths of direct routing: the request by way of the director, the reply past it. */
const requestPath: readonly Hop[] = [
  {from: client, to: outer},
  {from: inner, to: director},
  {from: director, to: server},
];
const replyPath: readonly Hop[] = [
  {from: server, to: inner},
  {from: outer, to: client},
];

/** One HTTP connection: who sends, flags, payload bytes. */
const exchange = [
  ['request', 'S', 0],
  ['reply', 'S.', 0],
  ['request', '.', 0],
  ['request', 'P.', 120],
  ['reply', '.', 0],
  ['reply', 'P.', 300],
  ['request', '.', 0],
  ['request', 'F.', 0],
  ['reply', 'F.', 0],
  ['request', '.', 0],
] as const;

const mac = ([node, name]: End): string =>
  topology.nodes.find(one => one.name === node)?.interfaces.find(one => one.name === name)?.mac ??
  '';

/** Frames by `node.interface`, and all of them in order of time. */
export interface Traffic {
  readonly byInterface: ReadonlyMap<string, readonly Recorded[]>;
  readonly all: readonly Recorded[];
  readonly connections: number;
}

/** HTTP connections over direct routing, as every interface on their way sees them: at least `frames` frames. */
export function makeTraffic(frames: number): Traffic {
  const byInterface = new Map<string, Recorded[]>();
  const all: Recorded[] = [];
  let time = 1_700_000_000_000_000_000n;
  const see = (end: End, bytes: Uint8Array): void => {
    time += 1000n;
    const frame = {time, bytes, originalLength: bytes.length};
    const key = end.join('.');
    const seen = byInterface.get(key);
    if (seen === undefined) byInterface.set(key, [frame]);
    else seen.push(frame);
    all.push(frame);
  };
  let connections = 0;
  for (; all.length < frames; connections++)
    for (const [step, [direction, flags, length]] of exchange.entries()) {
      const request = direction === 'request';
      const [source, destination] = ['192.0.2.10', '198.51.100.80'];
      const [sourcePort, destinationPort] = [1024 + (connections % 60_000), 80];
      for (const [index, hop] of (request ? requestPath : replyPath).entries()) {
        const bytes = build(
          [
            {kind: 'ethernet', source: mac(hop.from), destination: mac(hop.to)},
            {
              kind: 'ipv4',
              source: request ? source : destination,
              destination: request ? destination : source,
              id: (connections * exchange.length + step) % 0x10000,
              ttl: 64 - index,
              dontFragment: true,
            },
            {
              kind: 'tcp',
              sourcePort: request ? sourcePort : destinationPort,
              destinationPort: request ? destinationPort : sourcePort,
              flags,
              sequence: (connections * 7919 + step) >>> 0,
              acknowledgement: flags === 'S' ? 0 : (connections * 104_729 + step) >>> 0,
            },
          ],
          new Uint8Array(length).fill(connections),
        );
        see(hop.from, bytes);
        see(hop.to, bytes);
      }
    }
  return {byInterface, all, connections};
}
