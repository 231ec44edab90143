import {addressByName, interfaceOn, nodeByName, sharedNetworks} from '../../src/topology/names.ts';
import type {Family, Topology} from '../../src/topology/types.ts';
import type {Layer} from '../../src/wire/build.ts';

export const modes = ['nat', 'dr', 'ipip', 'gre', 'gue', 'fullnat'] as const;
export type Mode = (typeof modes)[number];
export const tunnels: readonly Mode[] = ['ipip', 'gre', 'gue'];

export const topologyOf: Readonly<Record<Mode, string>> = {
  nat: 'two-arm-nat',
  dr: 'routed-lan',
  ipip: 'remote-real-servers',
  gre: 'remote-real-servers',
  gue: 'remote-real-servers',
  fullnat: 'remote-real-servers',
};

/** One link of a packet's way and how the packet looks on it. */
export interface Leg {
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly ttl: number;
  readonly tunnel?: {
    readonly kind: 'ipip' | 'gre' | 'gue';
    readonly source: string;
    readonly destination: string;
    /** Other carrying headers than those of the kind. */
    readonly carrier?: readonly Layer[] | undefined;
  };
}

/** One connection through the director. */
export interface Route {
  readonly mode: Mode;
  readonly family: Family;
  /** Of a tunnel's outer header; default: the family. */
  readonly outer?: Family;
  readonly topology: Topology;
  readonly server: 'rs1' | 'rs2';
  readonly clientPort: number;
  readonly localPort: number;
}

/** The port that the real servers of a mode listen on. */
export const serverPort = (mode: Mode): number => (mode === 'nat' ? 8080 : 80);

/** The way of a packet of a good run, as the kernel forwards it in each mode. */
export function legsOf(route: Route, direction: 'request' | 'reply'): readonly Leg[] {
  const {mode, family, topology, server, clientPort, localPort} = route;
  const address = (name: string): string => addressByName(topology, name, family) ?? '';
  const [cip, vip, dip] = [address('CIP'), address('VIP'), address('DIP')];
  const rip = address(server === 'rs1' ? 'RIP1' : 'RIP2');
  const port = serverPort(mode);
  const asked = {source: cip, sourcePort: clientPort, destination: vip, destinationPort: 80};
  const answered = {source: vip, sourcePort: 80, destination: cip, destinationPort: clientPort};
  const way = (...hops: readonly (readonly [string, object?])[]): readonly Leg[] => {
    let from = direction === 'request' ? 'client' : server;
    let at: Leg = {...(direction === 'request' ? asked : answered), ttl: 65, from, to: from};
    return hops.map(([to, change]) => {
      at = {...at, ttl: at.ttl - 1, ...change, from, to};
      from = to;
      return at;
    });
  };
  if (mode === 'nat')
    return direction === 'request'
      ? way(['router'], ['director'], [server, {destination: rip, destinationPort: port}])
      : way(
          ['director', {source: rip, sourcePort: port}],
          ['router', {source: vip, sourcePort: 80}],
          ['client'],
        );
  if (mode === 'fullnat') {
    const there = {source: dip, sourcePort: localPort, destination: rip};
    const back = {source: rip, destination: dip, destinationPort: localPort};
    return direction === 'request'
      ? way(['router'], ['director'], ['router', there], [server])
      : way(['router', back], ['director'], ['router', answered], ['client']);
  }
  if (direction === 'reply') return way(['router'], ['client']);
  if (mode === 'dr') return way(['router'], ['director'], [server]);
  const outer = (name: string): string =>
    addressByName(topology, name, route.outer ?? family) ?? '';
  const tunnel = {
    kind: mode,
    source: outer('DIP'),
    destination: outer(server === 'rs1' ? 'RIP1' : 'RIP2'),
  };
  // The second router forwards the outer packet only.
  return way(['router'], ['director'], ['router', {tunnel}], [server, {ttl: 62}]);
}

/** What a packet carries besides its addresses. */
export interface Content {
  readonly id: number;
  readonly protocol: 'tcp' | 'udp';
  readonly flags?: string;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly payload?: string;
}

/** The layers below Ethernet of a packet on a leg; `bare` leaves the tunnel off. */
export function layersOf(leg: Leg, content: Content, bare = false): readonly Layer[] {
  const ports = {sourcePort: leg.sourcePort, destinationPort: leg.destinationPort};
  const transport: Layer =
    content.protocol === 'udp'
      ? {kind: 'udp', ...ports}
      : {
          kind: 'tcp',
          ...ports,
          flags: content.flags ?? '.',
          sequence: content.sequence ?? 0,
          acknowledgement: content.acknowledgement ?? 0,
          window: 502,
        };
  const inner = [ip(leg.source, leg.destination, leg.ttl, content.id), transport];
  if (leg.tunnel === undefined || bare) return inner;
  const {kind, source, destination} = leg.tunnel;
  const carrier: readonly Layer[] =
    kind === 'gre'
      ? [{kind: 'gre'}]
      : kind === 'gue'
        ? [{kind: 'udp', sourcePort: 50000, destinationPort: 6080}, {kind: 'gue'}]
        : [];
  return [
    ip(source, destination, leg.from === 'director' ? leg.ttl : leg.ttl - 1, 7 + content.id),
    ...(leg.tunnel.carrier ?? carrier),
    ...inner,
  ];
}

const ip = (source: string, destination: string, ttl: number, id: number): Layer =>
  source.includes(':')
    ? {kind: 'ipv6', source, destination, hopLimit: ttl, flowLabel: 0}
    : {kind: 'ipv4', source, destination, ttl, id, dontFragment: true};

/** The network and the MACs by which two nodes talk. */
export function linkOf(topology: Topology, from: string, to: string) {
  const [a, b] = [nodeByName(topology, from), nodeByName(topology, to)];
  const network = sharedNetworks(a, b)[0] ?? '';
  const [sender, receiver] = [interfaceOn(a, network), interfaceOn(b, network)];
  if (sender === undefined || receiver === undefined)
    throw new Error(`${from} and ${to} share no network`);
  return {network, sender, receiver};
}
