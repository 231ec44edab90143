import type {Forward, RealServer} from '../ipvs/types.ts';
import {InputError} from '../problem.ts';
import {addressByName, nodeByName, nodesOfRole} from '../topology/names.ts';
import type {Family, Topology} from '../topology/types.ts';
import type {Lab} from './types.ts';
import type {Step} from './step-types.ts';
import type {LabRealServer} from './service-types.ts';

/** What a lab does, in order. */
export const stepsOf = ({traffic}: Pick<Lab, 'traffic'>): readonly Step[] => [traffic].flat();

/** `modes/dr`, or `modes/dr DR4` for a counter-lab. */
export const titleOf = (
  {name}: {readonly name: string},
  counter: {readonly claim: string} | undefined,
): string => (counter === undefined ? name : `${name} ${counter.claim}`);

/** The one director of a lab's topology. Throws InputError when it has none. */
export function directorOf(topology: Topology): string {
  const director = nodesOfRole(topology, 'director')[0]?.name;
  if (director !== undefined) return director;
  throw new InputError({
    what: 'the topology of a lab needs a director',
    where: topology.name,
    next: 'give a node the role director',
  });
}

/** Real servers that a lab adds on its way. */
export const added = (lab: Pick<Lab, 'traffic'>): Lab['realServers'] =>
  stepsOf(lab).flatMap(step => (step.kind === 'edit' ? (step.add ?? []) : []));

/** How many addresses clients send from, by node; none for one that sends from its own alone. */
export function sourceCounts(lab: Pick<Lab, 'traffic'>): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const step of stepsOf(lab))
    if (step.kind === 'connections' && step.sources > 1)
      most.set(step.from, Math.max(step.sources, most.get(step.from) ?? 0));
  return most;
}

/** Mainline IPVS has no method for full NAT: it is masq, to which netfilter adds the source. */
export const methodOf = ({forward}: LabRealServer): Forward =>
  forward === 'fullnat' ? 'masq' : forward;

/** A lab's real server as the service has it. Throws InputError when its node has no address of the family. */
export function realServerOf(
  lab: Pick<Lab, 'service'>,
  topology: Topology,
  server: LabRealServer,
  labFamily: Family,
): RealServer {
  const family = server.family ?? labFamily;
  const node = nodeByName(topology, server.node);
  const rip = node.interfaces[0]?.address[family];
  if (rip === undefined)
    throw new InputError({
      what: `real server "${node.name}" has no IP${family} address on its first interface`,
      where: topology.name,
      next: 'give it one in the topology',
    });
  const {tunnel, upperThreshold, lowerThreshold} = server;
  return {
    address: rip,
    // A service of a firewall mark has no port: a real server gets the packet's own.
    port: server.port ?? (lab.service.mark === undefined ? lab.service.port : 0),
    forward: methodOf(server),
    weight: server.weight ?? 1,
    ...(tunnel === undefined ? {} : {tunnel}),
    ...(upperThreshold === undefined ? {} : {upperThreshold}),
    ...(lowerThreshold === undefined ? {} : {lowerThreshold}),
  };
}

/** The address of a name. Throws InputError when the topology has none of the family. */
export function addressIn(topology: Topology, name: string, family: Family): string {
  const found = addressByName(topology, name, family);
  if (found !== undefined) return found;
  throw new InputError({
    what: `topology "${topology.name}" has no IP${family} address of this name`,
    value: name,
    next: 'add it to the topology, or choose another family',
  });
}
