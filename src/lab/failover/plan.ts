import {realServerScript, type Setup} from '../../ipvs/method.ts';
import {localScript} from '../../ipvs/mark.ts';
import type {VirtualService} from '../../ipvs/types.ts';
import {httpServerScript} from '../../nodes/http.ts';
import {InputError} from '../../problem.ts';
import {findTopology, ownTopologies} from '../../topology/load.ts';
import {nodeByName, nodesOfRole} from '../../topology/names.ts';
import type {Topology} from '../../topology/types.ts';
import {failoverChecks, type Failover, type FailoverCheck} from '../../verdict/failover/types.ts';
import type {Expectation} from '../../verdict/types.ts';
import {addressIn, titleOf} from '../resolve.ts';
import {connectionsOf, type PlanStep} from '../steps.ts';
import type {ConnectionTraffic} from '../step-types.ts';
import {planFailoverStep, type FailoverScene} from './steps.ts';
import type {FailoverCounter, FailoverLab, FailoverStep} from './types.ts';

/** A failover lab, or one of its counter-labs, with every name resolved. */
export interface FailoverPlan {
  readonly kind: 'failover';
  readonly lab: FailoverLab;
  readonly counter: FailoverCounter | undefined;
  /** `failover/dr`, or `failover/dr K3` for a counter-lab. */
  readonly title: string;
  readonly topology: Topology;
  /** Node name to the script that sets it up for the lab. */
  readonly scripts: ReadonlyMap<string, string>;
  readonly tunnels: readonly [];
  readonly steps: readonly PlanStep[];
  readonly expectation: Expectation;
}

/** Resolves a failover lab. Throws InputError when the topology lacks something that it needs. */
export function planFailover(
  lab: FailoverLab,
  counter?: FailoverCounter,
  topologies: readonly string[] = [],
): FailoverPlan {
  const topology = findTopology(lab.topology, [...topologies, ownTopologies]);
  const scene = sceneOf(lab, topology);
  const steps = lab.steps.flatMap((step): readonly PlanStep[] =>
    planStep(lab, counter, scene, step),
  );
  return {
    kind: 'failover',
    lab,
    counter,
    title: titleOf(lab, counter),
    topology,
    scripts: new Map(
      lab.realServers.map(server => [server.node, serverScript(lab, scene, server)] as const),
    ),
    tunnels: [],
    steps,
    expectation: expectationOf(lab, scene, steps),
  };
}

function sceneOf(lab: FailoverLab, topology: Topology): FailoverScene {
  const family = lab.family ?? 'v4';
  const directors = nodesOfRole(topology, 'director').map(({name}) => name);
  if (directors.length < 2)
    throw new InputError({
      what: 'the topology of a failover lab needs two directors',
      where: topology.name,
      value: directors.join(', '),
      next: 'give two nodes the role director',
    });
  const {vips, port, scheduler} = lab.service;
  const services = vips.map((vip): VirtualService => ({
    key: {kind: 'address', protocol: 'tcp', address: addressIn(topology, vip, family), port},
    scheduler,
    flags: [],
    onePacket: false,
    realServers: lab.realServers.map(({node, forward, port: own}) => ({
      address: ripOf(topology, node, family),
      port: own ?? port,
      forward,
      weight: 1,
    })),
  }));
  return {topology, family, directors, services};
}

function ripOf(topology: Topology, name: string, family: FailoverScene['family']): string {
  const rip = nodeByName(topology, name).interfaces[0]?.address[family];
  if (rip !== undefined) return rip;
  throw new InputError({
    what: `real server "${name}" has no IP${family} address on its first interface`,
    where: topology.name,
    next: 'give it one in the topology',
  });
}

function planStep(
  lab: FailoverLab,
  counter: FailoverCounter | undefined,
  scene: FailoverScene,
  step: FailoverStep,
): readonly PlanStep[] {
  const {topology, family} = scene;
  if (step.kind === 'release') return [{...step, client: holderOf(lab, step.hold)}];
  if (step.kind === 'http' || step.kind === 'connections') {
    const there = {address: addressIn(topology, step.to, family), port: lab.service.port};
    const {from: client, bytes} = step;
    const timeout = counter === undefined ? step.timeout : Math.min(step.timeout, 3);
    if (step.kind === 'http')
      return [
        {kind: 'http', client, requests: {...there, requests: step.requests, bytes, timeout}},
      ];
    const {messages, hold} = step;
    const connections = Array.from({length: step.connections}, () => ({}));
    const traffic = {
      protocol: 'tcp',
      ...there,
      connections,
      messages,
      bytes,
      timeout,
      hold,
    } as const;
    return [{kind: 'connections', client, traffic}];
  }
  const own = planFailoverStep(lab, counter, scene, step);
  return own === undefined ? [] : [own];
}

const holderOf = ({steps}: FailoverLab, hold: string): string =>
  steps.find((step): step is ConnectionTraffic => step.kind === 'connections' && step.hold === hold)
    ?.from ?? '';

/** What a real server needs: the addresses on lo for droute, and its server on another port than the topology's. */
function serverScript(
  lab: FailoverLab,
  {topology, family, directors}: FailoverScene,
  {node, forward, port}: FailoverLab['realServers'][number],
): string {
  const holdsVip = forward === 'droute';
  const setup: Setup = {
    sourceNat: false,
    conntrack: 0,
    vipOnRealServer: holdsVip,
    arpSuppression: holdsVip,
    tunnelUp: true,
    rpFilter: 0,
  };
  const [vip = '', ...further] = lab.service.vips.map(name => addressIn(topology, name, family));
  const server = nodeByName(topology, node);
  const listens = port ?? lab.service.port;
  const there = server.services.some(one => one.port === listens);
  return [
    realServerScript(topology, directors[0] ?? '', {node, forward}, vip, setup),
    holdsVip ? localScript(further) : '',
    there ? '' : `${httpServerScript(server, [listens])}\n`,
  ].join('');
}

function expectationOf(
  lab: FailoverLab,
  scene: FailoverScene,
  steps: readonly PlanStep[],
): Expectation {
  const {topology, family, directors} = scene;
  const {expect, service, sharing} = lab;
  const [first = '', ...further] = service.vips.map(name => addressIn(topology, name, family));
  const proves = (check: FailoverCheck): readonly string[] => expect[check]?.proves ?? [];
  const failover: Failover = {
    directors,
    services: scene.services,
    interval: Math.round(sharing.interval * 100),
    routers: sharing.routers.map(router => ({
      ...router,
      addresses: router.addresses.map(name => addressIn(topology, name, family)),
    })),
    ...(sharing.sync === undefined ? {} : {sync: sharing.sync}),
    phases: lab.steps.flatMap(step => (step.kind === 'masters' ? [{masters: step.of}] : [])),
    survivors: survivorsOf(lab),
    proves: {
      adverts: proves('adverts'),
      announced: proves('announced'),
      asked: proves('asked'),
      synced: proves('synced'),
      survive: proves('survive'),
    } satisfies Record<(typeof failoverChecks)[number], readonly string[]>,
  };
  return {
    family,
    protocol: 'tcp',
    connections: steps.reduce((sum, step) => sum + connectionsOf(step), 0),
    virtual: {address: first, port: service.port},
    ...(further.length === 0
      ? {}
      : {virtuals: further.map(address => ({address, port: service.port}))}),
    realServers: lab.realServers.map(({node, port}) => ({node, port: port ?? service.port})),
    request: expect.request,
    reply: expect.reply,
    never: expect.never ?? [],
    roundRobin: false,
    answers: {proves: expect.answers?.proves ?? []},
    facts: [],
    failover,
  };
}

/** Connections that are held when a director dies, and asked or released after that. */
function survivorsOf({steps}: FailoverLab): number {
  const held = new Map<string, number>();
  for (const step of steps) {
    if (step.kind === 'connections' && step.hold !== undefined)
      held.set(step.hold, step.connections);
    if (step.kind === 'kill') return [...held.values()].reduce((sum, count) => sum + count, 0);
    if (step.kind === 'release') held.delete(step.hold);
  }
  return 0;
}
