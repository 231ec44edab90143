import type Docker from 'dockerode';
import {BrokenLabError} from '../problem.ts';
import type {LabHost} from '../host/types.ts';
import type {Node, Topology} from '../topology/types.ts';
import {containerOptions, networkOptions, objectName, type Belonging} from './container.ts';
import {commandFailed} from './failed.ts';
import {label, listMade} from './labels.ts';
import {destroy} from './remove.ts';
import {nodeScript} from './script.ts';
import {openShell} from './shell.ts';
import type {CommandLog, NodeShell} from './types.ts';

/** A topology that runs: a shell in each of its nodes. */
export interface Deployment {
  readonly run: string;
  readonly topology: Topology;
  /** By node name. */
  readonly shells: ReadonlyMap<string, NodeShell>;
  /** Closes the shells; containers and networks stay: see destroy. */
  close(): Promise<void>;
}

export interface DeployOptions extends Belonging {
  /** Only these nodes; all networks are made. */
  readonly nodes?: readonly string[];
  readonly log?: CommandLog;
}

/**
 * Makes the topology's networks and containers, all in parallel, and sets up each node with one script. Throws
 * BrokenLabError naming the object when the engine refuses or a node cannot be set up; nothing is left then.
 */
export async function deploy(
  host: Pick<LabHost, 'engine' | 'nodeImage'>,
  topology: Topology,
  options: DeployOptions,
): Promise<Deployment> {
  const {engine, nodeImage} = host;
  const nodes = topology.nodes.filter(({name}) => options.nodes?.includes(name) ?? true);
  try {
    await all(topology.networks, network =>
      asked(`create network ${objectName(options.run, network.name)}`, () =>
        engine.createNetwork(networkOptions(options, topology, network)),
      ),
    );
    await all(nodes, async node => {
      const created = containerOptions(options, topology, node, nodeImage);
      await asked(`start the container of node "${node.name}"`, async () =>
        (await engine.createContainer(created)).start(),
      );
    });
    const deployment = await attach(engine, topology, options);
    await setUp(deployment, nodes);
    return deployment;
  } catch (error) {
    // The first error is the one to tell; what cannot be removed now is removed by the next sweep.
    await destroy(engine, options.run).catch(() => undefined);
    throw error;
  }
}

/**
 * Opens shells in the nodes of a topology that already runs in the engine: of the given run, or of whichever run
 * deployed it (a restored template). Throws BrokenLabError when a node is not there.
 */
export async function attach(
  engine: Docker,
  topology: Topology,
  options: Partial<Pick<DeployOptions, 'run' | 'nodes' | 'log'>> = {},
): Promise<Deployment> {
  const made = (await listMade(engine, options.run)).filter(
    ({kind, labels}) => kind === 'container' && labels[label.topology] === topology.name,
  );
  const run = made[0]?.labels[label.run] ?? '';
  const nodes = topology.nodes.filter(({name}) => options.nodes?.includes(name) ?? true);
  const shells = await all(nodes, async ({name}) => {
    const container = made.find(
      ({labels}) => labels[label.node] === name && labels[label.run] === run,
    );
    if (container === undefined)
      throw new BrokenLabError({
        what: `node "${name}" of topology "${topology.name}" does not run in the engine`,
        where: options.run ?? topology.name,
        next: 'deploy the topology',
      });
    return openShell(engine.getContainer(container.id), name, options.log);
  });
  return {
    run,
    topology,
    shells: new Map(shells.map(shell => [shell.node, shell])),
    close: async () => void (await Promise.all(shells.map(shell => shell.close()))),
  };
}

async function setUp({topology, shells}: Deployment, nodes: readonly Node[]): Promise<void> {
  await all(nodes, async node => {
    const result = await shells.get(node.name)?.run(nodeScript(topology, node), {
      label: `set up ${node.name}`,
    });
    if (result === undefined || result.exitCode === 0) return;
    throw commandFailed(
      node.name,
      `node "${node.name}" could not be set up`,
      result,
      'check its sysctls, addresses and routes in the topology',
    );
  });
}

/** Everything in parallel, to its end: nothing may still be being made when a failure is cleaned up. */
async function all<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const results = await Promise.allSettled(items.map(make));
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof BrokenLabError) throw error;
    throw new BrokenLabError(
      {
        what: `the Docker engine did not ${what}`,
        where: 'Docker engine',
        value: error instanceof Error ? error.message : String(error),
        next: 'see `lvslab doctor`',
      },
      error,
    );
  }
}
