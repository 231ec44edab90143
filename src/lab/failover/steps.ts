import {renderKeepalived} from '../../ipvs/keepalived/render.ts';
import {renderVrrp, type VrrpConfig} from '../../ipvs/keepalived/vrrp.ts';
import type {VirtualService} from '../../ipvs/types.ts';
import {InputError} from '../../problem.ts';
import {interfaceOn, networkOfAddress, nodeByName} from '../../topology/names.ts';
import type {Family, Interface, Topology} from '../../topology/types.ts';
import {addressIn} from '../resolve.ts';
import type {FailoverCounter, FailoverLab, FailoverStep, Masters, VirtualRouter} from './types.ts';

/** Starts keepalived on the directors, one after the other. */
export interface StartStep {
  readonly kind: 'start';
  readonly directors: readonly {
    readonly node: string;
    readonly config: string;
    /** Real servers of all services, and virtual routers. */
    readonly servers: number;
    readonly instances: number;
  }[];
}

export interface MastersStep {
  readonly kind: 'masters';
  readonly nodes: readonly {
    readonly node: string;
    readonly held: readonly string[];
    readonly free: readonly string[];
    readonly daemon: 'master' | 'backup' | undefined;
  }[];
  readonly seconds: number;
}

export interface KillStep {
  readonly kind: 'kill';
  readonly node: string;
  readonly devices: readonly string[];
}

export interface BlockStep {
  readonly kind: 'block' | 'cure';
  readonly at: readonly string[];
  readonly family: Family;
}

export interface SyncedStep {
  readonly kind: 'synced';
  readonly node: string;
  readonly hold: string;
  readonly seconds: number;
}

export interface KnowsStep {
  readonly kind: 'knows';
  readonly node: string;
  readonly device: string;
  readonly address: string;
  readonly mac: string;
  readonly seconds: number;
}

export interface AskStep {
  readonly kind: 'ask';
  readonly hold: string;
  readonly messages: number;
  readonly timeout: number;
}

export interface ChatStep {
  readonly kind: 'chat' | 'enough';
  readonly hold: string;
  readonly timeout: number;
}

export interface WhoHasStep {
  readonly kind: 'who-has';
  readonly from: string;
  readonly device: string;
  readonly address: string;
}

/** A step of failover labs with every name resolved. */
export type FailoverPlanStep =
  | StartStep
  | MastersStep
  | KillStep
  | BlockStep
  | SyncedStep
  | KnowsStep
  | AskStep
  | ChatStep
  | WhoHasStep;

/** Where the steps happen. */
export interface FailoverScene {
  readonly topology: Topology;
  readonly family: Family;
  readonly directors: readonly string[];
  readonly services: readonly VirtualService[];
}

type Own = Exclude<FailoverStep, {readonly kind: 'http' | 'connections' | 'release'}>;

/** What a wrong set-up never does need not be waited for as long. */
const patience = (seconds: number, counter: FailoverCounter | undefined): number =>
  counter === undefined ? seconds : Math.min(seconds, 10);

/** Resolves a step that only failover labs have; none for one that a counter-lab leaves out. */
export function planFailoverStep(
  lab: FailoverLab,
  counter: FailoverCounter | undefined,
  scene: FailoverScene,
  step: Own,
): FailoverPlanStep | undefined {
  const {topology, family, directors} = scene;
  switch (step.kind) {
    case 'start':
      return {
        kind: 'start',
        directors: directors.map(node => ({
          node,
          config: configOf(lab, counter, scene, node),
          servers: scene.services.length * lab.realServers.length,
          instances: lab.sharing.routers.length,
        })),
      };
    case 'masters':
      return {
        kind: 'masters',
        nodes: directors.map(node => wantedAt(lab, counter, scene, step, node)),
        seconds: patience(step.seconds, counter),
      };
    case 'kill':
      return {...step, devices: nodeByName(topology, step.node).interfaces.map(({name}) => name)};
    case 'block':
      return {...step, family};
    case 'cure':
      return counter?.change.cure === false ? undefined : {...step, at: blockedIn(lab), family};
    case 'synced':
      return {...step, seconds: patience(step.seconds, counter)};
    case 'ask':
    case 'chat':
    case 'enough':
      return {...step, timeout: patience(step.timeout, counter)};
    case 'knows': {
      const {address, network} = placeOf(scene, step.address);
      return {
        kind: 'knows',
        node: step.node,
        address,
        device: linkOn(topology, step.node, network).name,
        mac: linkOn(topology, step.director, network).mac,
        seconds: patience(step.seconds, counter),
      };
    }
    case 'who-has': {
      const {address, network} = placeOf(scene, step.address);
      return {...step, address, device: linkOn(topology, step.from, network).name};
    }
  }
}

function placeOf({topology, family}: FailoverScene, name: string) {
  const address = addressIn(topology, name, family);
  return {address, network: networkOfAddress(topology, address)?.name ?? ''};
}

const blockedIn = (lab: FailoverLab): readonly string[] => [
  ...new Set(lab.steps.flatMap(step => (step.kind === 'block' ? step.at : []))),
];

const addressesOf = ({addresses}: VirtualRouter, {topology, family}: FailoverScene) =>
  addresses.map(name => addressIn(topology, name, family));

function wantedAt(
  {sharing}: FailoverLab,
  counter: FailoverCounter | undefined,
  scene: FailoverScene,
  {of}: Masters,
  node: string,
): MastersStep['nodes'][number] {
  const isMaster = ({id}: VirtualRouter): boolean => of[id]?.includes(node) ?? false;
  const follows = sharing.routers.find(({id}) => id === sharing.sync?.router);
  return {
    node,
    held: sharing.routers.filter(isMaster).flatMap(router => addressesOf(router, scene)),
    free: sharing.routers
      .filter(router => !isMaster(router))
      .flatMap(router => addressesOf(router, scene)),
    daemon:
      follows === undefined || counter?.change.sync === false
        ? undefined
        : isMaster(follows)
          ? 'master'
          : 'backup',
  };
}

/** What keepalived on a director is told: VRRP, the sync daemon and the services. */
function configOf(
  {sharing}: FailoverLab,
  counter: FailoverCounter | undefined,
  scene: FailoverScene,
  node: string,
): string {
  const {sync, routers} = sharing;
  const {announceAgain, priorities = {}, sync: synced} = counter?.change ?? {};
  const config: VrrpConfig = {
    interval: Math.round(sharing.interval * 100),
    higherTellsOnce: announceAgain !== false,
    lowerAnnounces: announceAgain === false ? 0 : 1,
    instances: routers.map(router => ({
      id: router.id,
      device: linkOn(scene.topology, node, router.network).name,
      priority: priorities[router.id]?.[node] ?? router.priorities[node] ?? 0,
      addresses: addressesOf(router, scene),
    })),
    ...(sync === undefined || synced === false
      ? {}
      : {
          sync: {
            device: linkOn(scene.topology, node, sync.network).name,
            id: sync.id,
            follows: sync.router,
          },
        }),
  };
  // On several networks they are one way through the director, which is there or is not.
  const together = new Set(routers.map(({network}) => network)).size > 1;
  return [renderVrrp(config, together), ...scene.services.map(one => renderKeepalived(one))].join(
    '',
  );
}

function linkOn(topology: Topology, node: string, network: string): Interface {
  const link = interfaceOn(nodeByName(topology, node), network);
  if (link !== undefined) return link;
  throw new InputError({
    what: `node "${node}" has no interface on this network`,
    where: topology.name,
    value: network,
    next: 'name a network of the node',
  });
}
