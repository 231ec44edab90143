import {renderEdit} from '../ipvs/render.ts';
import {renderKeepalived} from '../ipvs/keepalived/render.ts';
import type {ServerEdit, VirtualService} from '../ipvs/types.ts';
import {httpServerScript} from '../nodes/http.ts';
import {spareAddresses} from '../topology/spare.ts';
import {nodeByName} from '../topology/names.ts';
import type {Family, Topology} from '../topology/types.ts';
import type {HttpRequests} from '../traffic/http.ts';
import type {FtpSessions} from '../traffic/ftp.ts';
import type {Connections} from '../traffic/types.ts';
import type {ExpireStep, TimeoutsStep} from './expiry.ts';
import type {FailoverPlanStep} from './failover/steps.ts';
import type {KeepalivedStep, ServeStep, UntilStep} from './keepalived.ts';
import {virtualAddresses} from './marked.ts';
import {added, addressIn, realServerOf, sourceCounts, stepsOf} from './resolve.ts';
import type {CounterLab, Lab} from './types.ts';
import type {ConnectionTraffic, Edit, Keepalived} from './step-types.ts';
import type {LabRealServer, LabService} from './service-types.ts';

/** A step with every name resolved: what the live half does. */
export type PlanStep =
  | {readonly kind: 'http'; readonly client: string; readonly requests: HttpRequests}
  | {readonly kind: 'connections'; readonly client: string; readonly traffic: Connections}
  | {readonly kind: 'ftp'; readonly client: string; readonly sessions: FtpSessions}
  | {readonly kind: 'release'; readonly client: string; readonly hold: string}
  | {
      readonly kind: 'edit';
      readonly node: string;
      readonly edits: readonly ServerEdit[];
      /** For `ipvsadm -R`. */
      readonly lines: readonly string[];
    }
  | KeepalivedStep
  | ServeStep
  | UntilStep
  | TimeoutsStep
  | ExpireStep
  | FailoverPlanStep;

/** Connections that a step makes; with one-packet scheduling each message is one. */
export const connectionsOf = (
  step: PlanStep,
  {onePacket = false}: Pick<LabService, 'onePacket'> = {},
): number =>
  step.kind === 'http'
    ? step.requests.requests
    : step.kind === 'connections'
      ? step.traffic.connections.length * (onePacket ? step.traffic.messages : 1)
      : step.kind === 'ftp'
        ? step.sessions.sessions
        : 0;

/** Where the steps happen. */
export interface Scene {
  readonly topology: Topology;
  readonly family: Family;
  readonly director: string;
  readonly service: VirtualService;
}

/** Resolves a lab's steps, or those of its counter-lab. */
export function planSteps(lab: Lab, counter: CounterLab | undefined, scene: Scene): PlanStep[] {
  return stepsOf(lab).map((step): PlanStep => {
    if (step.kind === 'edit')
      return {
        kind: 'edit',
        node: scene.director,
        ...planEdit(lab, step, scene),
      };
    if (step.kind === 'release') return {...step, client: clientOf(lab, step.hold)};
    if (step.kind === 'keepalived') return planKeepalived(step, counter, scene);
    if (step.kind === 'serve') {
      const ports = step.up ? [serverOf(lab, step.node).port ?? lab.service.port] : [];
      return {...step, script: httpServerScript(nodeByName(scene.topology, step.node), ports)};
    }
    if (step.kind === 'timeouts') return {...step, node: scene.director};
    if (step.kind === 'expire') {
      const seconds = counter === undefined ? step.seconds : Math.min(step.seconds, 8);
      return {...step, node: scene.director, seconds};
    }
    if (step.kind === 'until') {
      const server = realServerOf(lab, scene.topology, serverOf(lab, step.node), scene.family);
      // What a wrong set-up never does need not be waited for as long.
      const seconds = counter === undefined ? step.seconds : Math.min(step.seconds, 8);
      return {...step, node: scene.director, server, seconds};
    }
    const {from: client} = step;
    const there = {
      address: addressIn(scene.topology, step.to, scene.family),
      port: lab.service.port,
    };
    // A wrong set-up need not wait long for what must not come.
    const timeout = counter === undefined ? step.timeout : Math.min(step.timeout, 1.5);
    const {bytes} = step;
    if (step.kind === 'connections') {
      const {protocol} = lab.service;
      const {messages, hold, upload} = step;
      const connections = sendersOf(lab, step, scene);
      return {
        kind: 'connections',
        client,
        traffic: {protocol, ...there, connections, messages, bytes, upload, timeout, hold},
      };
    }
    // It shows with one request to each real server.
    if (step.kind === 'ftp') {
      const most = counter === undefined ? step.sessions : lab.realServers.length;
      const {command, transfers} = step;
      const sessions = Math.min(step.sessions, most);
      return {
        kind: 'ftp',
        client,
        sessions: {...there, command, sessions, transfers, bytes, timeout},
      };
    }
    const requests =
      counter === undefined ? step.requests : Math.min(step.requests, lab.realServers.length);
    return {kind: 'http', client, requests: {...there, requests, bytes, timeout}};
  });
}

/** What of a lab tells of its real servers. */
type EditedLab = Pick<Lab, 'service' | 'realServers' | 'traffic'>;

/** The addresses that a lab's clients send from beyond their own, by node. */
export function extraSources(lab: Lab, scene: Scene): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...sourceCounts(lab)].map(([node, count]) => [node, sourcesOf(node, count, scene)]),
  );
}

const sourcesOf = (node: string, count: number, {topology, family}: Scene): readonly string[] =>
  spareAddresses(topology, nodeByName(topology, node), family, count);

function sendersOf(lab: Lab, step: ConnectionTraffic, scene: Scene): Connections['connections'] {
  const destinations = destinationsOf(lab, step, scene);
  const sources = step.sources === 1 ? [undefined] : sourcesOf(step.from, step.sources, scene);
  return Array.from({length: step.connections}, (_, i) => ({
    source: sources[i % sources.length],
    sourcePort:
      step.sourcePort === undefined ? undefined : step.sourcePort + Math.floor(i / sources.length),
    ...(destinations.length === 0 ? {} : {to: destinations[i % destinations.length]}),
  }));
}

/** Where a step's connections go, in turn; [] when that is `to` at the service's port alone. */
function destinationsOf(
  lab: Lab,
  {destinations, ports}: ConnectionTraffic,
  {topology, family}: Scene,
): readonly NonNullable<Connections['connections'][number]['to']>[] {
  if (destinations === undefined && ports === undefined) return [];
  const addresses = virtualAddresses(lab, topology, family).slice(0, destinations ?? 1);
  return (ports ?? [lab.service.port]).flatMap(port => addresses.map(address => ({address, port})));
}

/** What an edit of a lab's service is for ipvsadm. */
export function planEdit(
  lab: EditedLab,
  {weights = {}, add = [], remove = []}: Edit,
  {topology, family, service: {key}}: Pick<Scene, 'topology' | 'family' | 'service'>,
): {readonly edits: readonly ServerEdit[]; readonly lines: readonly string[]} {
  const named = (node: string) => realServerOf(lab, topology, serverOf(lab, node), family);
  const edits: ServerEdit[] = [
    ...Object.entries(weights).map(([node, weight]): ServerEdit => ({
      kind: 'edit',
      server: {...named(node), weight},
    })),
    ...add.map((server): ServerEdit => ({
      kind: 'add',
      server: realServerOf(lab, topology, server, family),
    })),
    ...remove.map((node): ServerEdit => ({kind: 'remove', server: named(node)})),
  ];
  return {edits, lines: edits.map(edit => renderEdit(key, edit))};
}

/** keepalived is told of the service as it is, or, in a counter-lab, of a wrong one. */
function planKeepalived(
  {check}: Keepalived,
  counter: CounterLab | undefined,
  {director, service}: Scene,
): KeepalivedStep {
  const {forward, checks = true} = counter?.change.keepalived ?? {};
  const realServers = service.realServers.map(server =>
    forward === undefined ? server : {...server, forward},
  );
  return {
    kind: 'keepalived',
    node: director,
    config: renderKeepalived({...service, realServers}, checks ? check : undefined),
    servers: realServers.length,
    checks: checks && check !== undefined,
  };
}

const serverOf = (lab: EditedLab, node: string): LabRealServer =>
  [...lab.realServers, ...added(lab)].find(one => one.node === node) ?? {node, forward: 'masq'};

const clientOf = (lab: Lab, hold: string): string =>
  stepsOf(lab).find(
    (step): step is ConnectionTraffic => step.kind === 'connections' && step.hold === hold,
  )?.from ?? '';
