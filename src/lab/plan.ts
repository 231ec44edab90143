import {clientScript, directorScript, realServerScript, type Setup} from '../ipvs/method.ts';
import {localScript} from '../ipvs/mark.ts';
import {receivedTunnel, tunnelOn} from '../ipvs/tunnel.ts';
import {ftpServerScript} from '../nodes/ftp.ts';
import {httpServerScript} from '../nodes/http.ts';
import {findTopology, ownTopologies} from '../topology/load.ts';
import {nodeByName} from '../topology/names.ts';
import type {Family, Topology} from '../topology/types.ts';
import {messageServerScript} from '../traffic/server.ts';
import type {Expectation} from '../verdict/types.ts';
import {markedOf, virtualAddresses, virtualEndpoints, virtualPorts} from './marked.ts';
import {added, addressIn, directorOf, methodOf, realServerOf, stepsOf, titleOf} from './resolve.ts';
import {watchedBy} from './plan-keepalived.ts';
import {withPorts} from './ports.ts';
import {planService, planSetup} from './plan-service.ts';
import {withSysctls} from './sysctls.ts';
import {connectionsOf, extraSources, planSteps, type PlanStep} from './steps.ts';
import type {CounterLab, Lab} from './types.ts';
import type {LabRealServer} from './service-types.ts';

/** A lab, or one of its counter-labs, with every name resolved: what the live half does and the judge expects. */
export interface Plan {
  readonly kind: 'lab';
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
  readonly steps: readonly PlanStep[];
  readonly expectation: Expectation;
}

/** Resolves a lab. Throws InputError when the topology lacks something that the lab needs. */
export function planLab(
  stated: Lab,
  counter?: CounterLab,
  topologies: readonly string[] = [],
): Plan {
  const lab = onPort(stated, counter?.change.port);
  const topology = findTopology(counter?.change.topology ?? lab.topology, [
    ...topologies,
    ownTopologies,
  ]);
  const family = lab.family ?? 'v4';
  const director = directorOf(topology);
  const vip = addressIn(topology, lab.service.vip, family);
  const changed = (node: string): boolean => counter?.change.nodes?.includes(node) ?? true;
  const setupOf = (node: string): Setup =>
    planSetup(lab, changed(node) ? counter?.change.setup : undefined);
  const {scheduler, flags = [], persistence, onePacket = false} = lab.service;
  const endpoints = virtualEndpoints(lab, topology, family);
  const further = virtualAddresses(lab, topology, family).slice(1);
  const service = planService(lab, counter?.change, topology, family);
  const scene = {topology, family, director, service};
  const steps = withPorts(planSteps(lab, counter, scene));
  const sources = extraSources(lab, scene);
  const servers = [...lab.realServers, ...added(lab)];
  return {
    kind: 'lab',
    lab,
    counter,
    title: titleOf(lab, counter),
    topology,
    director,
    scripts: withSysctls(lab, counter, [
      [
        director,
        directorScript(
          topology,
          director,
          service,
          setupOf(director),
          markedOf(lab, counter?.change.unmarked ?? [], topology, family),
        ) + localScript(further),
      ],
      ...servers.map(server => {
        const method = {...server, forward: methodOf(server)};
        const listen = changed(server.node) ? counter?.change.listen : undefined;
        return [
          server.node,
          realServerScript(topology, director, method, vip, setupOf(server.node)) +
            (setupOf(server.node).vipOnRealServer ? localScript(further) : '') +
            serverScript(lab, topology, server, vip, setupOf(server.node), listen),
        ] as const;
      }),
      ...[...sources].map(
        ([node, addresses]) => [node, clientScript(topology, node, addresses)] as const,
      ),
    ]),
    // A device that is down cannot be captured.
    tunnels: servers
      .filter(server => methodOf(server) === 'tunnel' && setupOf(server.node).tunnelUp)
      .map(({node, family: own = family, tunnel = {type: 'ipip'}}) => ({
        node,
        device: tunnelOn(receivedTunnel(tunnel, setupOf(node)), {inner: family, outer: own}).device,
      })),
    steps,
    expectation: {
      ...expectationOf(lab, steps, vip, director, family),
      ...(endpoints.length === 1 ? {} : {virtuals: endpoints.slice(1)}),
      ...(sources.size === 0 ? {} : {clients: [...sources.values()].flat()}),
      ...(lab.expect.schedule === undefined
        ? {}
        : {
            schedule: {
              service: {...service, scheduler, flags, onePacket, persistence},
              ...(expiresQuiescent(lab, director) ? {expireQuiescent: true} : {}),
              proves: lab.expect.schedule.proves,
            },
          }),
    },
  };
}

/** The lab with its service, and its real servers, on another port. */
const onPort = (lab: Lab, port: number | undefined): Lab =>
  port === undefined
    ? lab
    : {
        ...lab,
        service: {...lab.service, port},
        realServers: lab.realServers.map(server => ({...server, port})),
      };

/** Starts what serves the lab's protocol; HTTP runs in the topology already, unless another port is asked for. */
function serverScript(
  lab: Lab,
  topology: Topology,
  server: LabRealServer,
  vip: string,
  {vipOnRealServer}: Setup,
  listen: number | undefined,
): string {
  const {protocol, port} = lab.service;
  const node = nodeByName(topology, server.node);
  const sizes = stepsOf(lab).flatMap(step => (step.kind === 'ftp' ? [step.bytes] : []));
  if (sizes.length > 0)
    return ftpServerScript({
      node: node.name,
      port: listen ?? server.port ?? port,
      family: lab.family ?? 'v4',
      sizes: [...new Set(sizes)],
    });
  if (protocol === 'tcp') {
    const ports = listen === undefined ? virtualPorts(lab) : [listen];
    return listen === undefined && ports.length === 1 ? '' : `${httpServerScript(node, ports)}\n`;
  }
  if (server.serves === false) return '';
  const rip = realServerOf(lab, topology, server, lab.family ?? 'v4').address;
  return `${messageServerScript({
    node: node.name,
    protocol,
    port: listen ?? server.port ?? port,
    addresses: [rip, ...(vipOnRealServer ? [vip] : [])],
  })}\n`;
}

function expectationOf(
  lab: Lab,
  steps: readonly PlanStep[],
  vip: string,
  director: string,
  family: Family,
): Expectation {
  const {expect, service} = lab;
  return {
    family,
    protocol: service.protocol,
    ...(service.onePacket === true ? {onePacket: true} : {}),
    connections: steps.reduce((sum, step) => sum + connectionsOf(step, service), 0),
    virtual: {address: vip, port: service.port},
    ...watchedBy(lab, steps, director),
    ...expiryOf(lab, steps),
    ...ftpOf(lab, steps),
    realServers: [...lab.realServers, ...added(lab)].map(({node, port, family: own}) => ({
      node,
      port: port ?? service.port,
      ...(own === undefined || own === family ? {} : {family: own}),
    })),
    request: expect.request,
    reply: expect.reply,
    ...(expect.errors === undefined ? {} : {errors: expect.errors}),
    never: expect.never ?? [],
    // The model of the scheduler says more, where it is asked.
    roundRobin:
      service.scheduler === 'rr' &&
      service.persistence === undefined &&
      expect.schedule === undefined,
    entries: {node: director, proves: expect.entries?.proves ?? []},
    counters: {nodes: [director], proves: expect.counters?.proves ?? []},
    answers: {...expect.answers, proves: expect.answers?.proves ?? []},
    facts: expect.facts ?? [],
  };
}

function expiryOf({expect}: Lab, steps: readonly PlanStep[]): Pick<Expectation, 'expiry'> {
  const times = steps.filter(({kind}) => kind === 'expire').length;
  return times === 0 ? {} : {expiry: {times, proves: expect.expiry?.proves ?? []}};
}

function ftpOf({expect: {data}}: Lab, steps: readonly PlanStep[]): Pick<Expectation, 'ftp'> {
  const sessions = steps.flatMap(step => (step.kind === 'ftp' ? [step.sessions] : []));
  const command = sessions[0]?.command;
  if (data === undefined || command === undefined) return {};
  const transfers = sessions.reduce((sum, one) => sum + one.sessions * one.transfers, 0);
  return {ftp: {command, transfers, ...data}};
}

/** Whether templates leave quiescent real servers, as the lab's director is told. */
const expiresQuiescent = ({sysctls}: Lab, director: string): boolean =>
  String(sysctls?.[director]?.['net.ipv4.vs.expire_quiescent_template'] ?? 0) === '1';
