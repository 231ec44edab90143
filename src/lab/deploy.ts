import {text} from 'node:stream/consumers';
import {deploy} from '../nodes/deploy.ts';
import {ownerOf} from '../own/owner.ts';
import {newRunId} from '../run-folder/write.ts';
import {findTopology, loadTopology, loadTopologyFile, ownTopologies} from '../topology/load.ts';
import type {Topology} from '../topology/types.ts';
import {findDeployments, standingHost, type StandingOptions} from './standing.ts';

/** A topology by name, by file (`*.yaml`), or from standard input (`-`). Throws InputError as loadTopology does. */
export async function topologyOf(word: string, folders: readonly string[]): Promise<Topology> {
  if (word === '-') return loadTopology(await text(process.stdin), 'standard input');
  return /\.ya?ml$/.test(word)
    ? loadTopologyFile(word)
    : findTopology(word, [...folders, ownTopologies]);
}

/** Starts a topology's nodes to stay; one that is there already is left as it is. Returns lines for the user. */
export async function deployTopology(
  word: string,
  options: Omit<StandingOptions, 'start'> & {readonly topologies: readonly string[]},
): Promise<readonly string[]> {
  const topology = await topologyOf(word, options.topologies);
  const host = await standingHost({...options, start: true});
  try {
    const deployed = await findDeployments(host.engine, undefined);
    if (deployed.some(one => one.topology === topology.name))
      return [
        `${topology.name} is deployed already: lvslab inspect, lvslab destroy ${topology.name}`,
      ];
    options.progress(`starting ${topology.nodes.length} nodes of ${topology.name}`);
    const deployment = await deploy(host, topology, {
      run: newRunId(topology.name, new Date()),
      owner: ownerOf(),
      keep: true,
    });
    await deployment.close();
    return [
      `${topology.name} is deployed: ${topology.nodes.map(({name}) => name).join(', ')}`,
      `  lvslab exec director -- ip -br addr     lvslab shell client     lvslab destroy ${topology.name}`,
    ];
  } finally {
    await host.close();
  }
}
