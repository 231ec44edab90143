import {directorScript, realServerScript, tunnelOn, type Setup} from '../ipvs/method.ts';
import type {Forward, RealServer, VirtualService} from '../ipvs/types.ts';
import {httpServerScript} from '../nodes/http.ts';
import {InputError} from '../problem.ts';
import {findTopology, ownTopologies} from '../topology/load.ts';
import {addressByName, nodeByName, nodesOfRole} from '../topology/names.ts';
import type {Family, Topology} from '../topology/types.ts';
import type {Expectation} from '../verdict/types.ts';
import type {CounterLab, Lab, LabRealServer} from './types.ts';

/** A lab, or one of its counter-labs, with every name resolved: what the live half does and the judge expects. */
export interface Plan {
  readonly lab: Lab;
  readonly counter: CounterLab | undefined;
  /** `modes/dr`, or `modes/dr DR4` for a counter-lab. */
  readonly title: string;
  readonly topology: Topology;
  readonly director: string;
  /** Node name to the script that sets it up for the lab. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Devices without a network that are captured too: where tunnels end. */
  readonly tunnels: readonly {readonly node: string; readonly device: string}[];
  readonly traffic: {
    readonly client: string;
    readonly address: string;
    readonly port: number;
    readonly requests: number;
    readonly bytes: number;
    readonly timeout: number;
  };
  readonly expectation: Expectation;
}

/** Resolves a lab. Throws InputError when the topology lacks something that the lab needs. */
export function planLab(lab: Lab, counter?: CounterLab, topologies: readonly string[] = []): Plan {
  const topology = findTopology(counter?.change.topology ?? lab.topology, [
    ...topologies,
    ownTopologies,
  ]);
  const family = lab.family ?? 'v4';
  const director = nodesOfRole(topology, 'director')[0]?.name;
  if (director === undefined)
    throw new InputError({
      what: 'the topology of a lab needs a director',
      where: topology.name,
      next: 'give a node the role director',
    });
  const vip = address(topology, lab.service.vip, family);
  const changed = (node: string): boolean => counter?.change.nodes?.includes(node) ?? true;
  const setupOf = (node: string): Setup => setup(lab, changed(node) ? counter : undefined);
  const amount = counter === undefined ? lab.traffic : failing(lab);
  const service: VirtualService = {
    key: {
      kind: 'address',
      protocol: lab.service.protocol,
      address: vip,
      port: lab.service.port,
    },
    scheduler: lab.service.scheduler,
    flags: [],
    onePacket: false,
    realServers: lab.realServers.map(server => realServer(lab, topology, server, family)),
  };
  const servers = lab.realServers.map(server => {
    const listen = changed(server.node) ? counter?.change.listen : undefined;
    const script = realServerScript(
      topology,
      director,
      {...server, forward: methodOf(server)},
      vip,
      setupOf(server.node),
    );
    return [
      server.node,
      listen === undefined
        ? script
        : `${script}${httpServerScript(nodeByName(topology, server.node), [listen])}\n`,
    ] as const;
  });
  return {
    lab,
    counter,
    title: counter === undefined ? lab.name : `${lab.name} ${counter.claim}`,
    topology,
    director,
    scripts: new Map([
      [director, directorScript(topology, director, service, setupOf(director))],
      ...servers,
    ]),
    // A device that is down cannot be captured.
    tunnels: lab.realServers
      .filter(server => methodOf(server) === 'tunnel' && setupOf(server.node).tunnelUp)
      .map(({node, tunnel = {type: 'ipip'}}) => ({node, device: tunnelOn(tunnel, family).device})),
    traffic: {
      client: lab.traffic.from,
      address: address(topology, lab.traffic.to, family),
      port: lab.service.port,
      requests: amount.requests,
      timeout: amount.timeout,
      bytes: lab.traffic.bytes,
    },
    expectation: expectationOf(lab, amount.requests, vip, director, family),
  };
}

/** Mainline IPVS has no method for full NAT: it is masq, to which netfilter adds the source. */
const methodOf = ({forward}: LabRealServer): Forward => (forward === 'fullnat' ? 'masq' : forward);

function setup(lab: Lab, counter: CounterLab | undefined): Setup {
  const forward = lab.realServers[0]?.forward;
  const holdsVip = forward === 'droute' || forward === 'tunnel';
  const right: Setup = {
    sourceNat: forward === 'fullnat',
    conntrack: forward === 'fullnat' ? 1 : 0,
    vipOnRealServer: holdsVip,
    arpSuppression: holdsVip,
    tunnelUp: true,
    rpFilter: 0,
  };
  return {...right, ...lab.setup, ...counter?.change.setup};
}

function realServer(
  lab: Lab,
  topology: Topology,
  server: LabRealServer,
  family: Family,
): RealServer {
  const node = nodeByName(topology, server.node);
  const rip = node.interfaces[0]?.address[family];
  if (rip === undefined)
    throw new InputError({
      what: `real server "${node.name}" has no IP${family} address on its first interface`,
      where: topology.name,
      next: 'give it one in the topology',
    });
  return {
    address: rip,
    port: server.port ?? lab.service.port,
    forward: methodOf(server),
    ...(server.tunnel === undefined ? {} : {tunnel: server.tunnel}),
    weight: server.weight ?? 1,
  };
}

function address(topology: Topology, name: string, family: Family): string {
  const found = addressByName(topology, name, family);
  if (found !== undefined) return found;
  throw new InputError({
    what: `topology "${topology.name}" has no IP${family} address of this name`,
    value: name,
    next: 'add it to the topology, or choose another family',
  });
}

/** A wrong set-up shows with one request to each real server, which need not wait long for what must not come. */
const failing = ({traffic, realServers}: Lab): {requests: number; timeout: number} => ({
  requests: Math.min(traffic.requests, realServers.length),
  timeout: Math.min(traffic.timeout, 1.5),
});

function expectationOf(
  lab: Lab,
  connections: number,
  vip: string,
  director: string,
  family: Family,
): Expectation {
  const {expect, service} = lab;
  return {
    family,
    protocol: service.protocol,
    connections,
    virtual: {address: vip, port: service.port},
    realServers: lab.realServers.map(({node, port}) => ({node, port: port ?? service.port})),
    request: expect.request,
    reply: expect.reply,
    never: expect.never ?? [],
    roundRobin: service.scheduler === 'rr',
    entries: {node: director, proves: expect.entries?.proves ?? []},
    answers: {proves: expect.answers?.proves ?? []},
    facts: expect.facts ?? [],
  };
}
