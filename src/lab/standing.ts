import type Docker from 'dockerode';
import {connectDaemon, startDaemon} from '../host/daemon.ts';
import {openEngine, requireIpvs} from '../host/engine.ts';
import type {LabHost} from '../host/types.ts';
import {inspect, type Inspected} from '../nodes/remove.ts';
import {InputError, nearest} from '../problem.ts';

export interface StandingOptions {
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
  /** The tree with the modules of a kernel of one's own. */
  readonly modules?: string | undefined;
  /** Start a guest when none is up; otherwise that is an InputError. */
  readonly start: boolean;
  readonly progress: (line: string) => void;
}

/** The host on which deployments stay: the guest that `host up` started, or the user's engine. */
export async function standingHost(options: StandingOptions): Promise<LabHost> {
  if (options.host === 'engine') return standingEngine(options);
  const running = await connectDaemon();
  if (running !== undefined) return running;
  if (options.start) {
    options.progress('no lab host is up: starting one, which stays until lvslab host down');
    return startDaemon(options);
  }
  throw new InputError({
    what: 'no lab host is up, so nothing is deployed',
    next: 'lvslab deploy TOPOLOGY starts one, lvslab host up too',
  });
}

/** What is deployed can be entered and removed on any engine; to deploy, its kernel must have IPVS. */
async function standingEngine({start}: StandingOptions): Promise<LabHost> {
  const host = await openEngine({env: process.env});
  try {
    if (start) await requireIpvs(host);
    return host;
  } catch (error) {
    await host.close();
    throw error;
  }
}

/** A node of a deployment. */
export interface Found {
  readonly topology: string;
  readonly node: string;
  readonly container: Docker.Container;
}

/**
 * Finds a deployed node by `node`, or `topology/node` where several topologies have it. Throws InputError when it is not
 * there, with the names that are.
 */
export async function findNode(engine: Docker, word: string): Promise<Found> {
  const deployed = await inspect(engine);
  const all = deployed.flatMap(({topology, nodes}) =>
    nodes.map(({node, container}) => ({topology, node, container})),
  );
  const names = all.map(({topology, node}) => `${topology}/${node}`);
  const found = all.filter(({topology, node}) => word === node || word === `${topology}/${node}`);
  const [first] = found;
  if (first === undefined)
    throw new InputError({
      what: 'no such node is deployed',
      value: word,
      valid: names,
      next:
        correction(word, [...names, ...all.map(({node}) => node)]) ??
        'lvslab inspect lists what is deployed',
    });
  if (found.length > 1)
    throw new InputError({
      what: 'several topologies have a node of this name',
      value: word,
      valid: found.map(({topology, node}) => `${topology}/${node}`),
      next: 'name the topology too',
    });
  return {...first, container: engine.getContainer(first.container)};
}

/** The deployments of a topology by its name; all with `undefined`. Throws InputError for a name that is not there. */
export async function findDeployments(
  engine: Docker,
  topology: string | undefined,
): Promise<readonly Inspected[]> {
  const deployed = await inspect(engine);
  const found = deployed.filter(one => topology === undefined || one.topology === topology);
  if (found.length > 0 || topology === undefined) return found;
  const names = deployed.map(one => one.topology);
  throw new InputError({
    what: 'no such topology is deployed',
    value: topology,
    valid: names,
    next: correction(topology, names) ?? 'lvslab inspect lists what is deployed',
  });
}

function correction(word: string, names: readonly string[]): string | undefined {
  const meant = nearest(word, names);
  return meant === undefined ? undefined : `did you mean "${meant}"?`;
}
