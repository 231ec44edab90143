import type {Marked} from '../ipvs/mark.ts';
import type {ServiceKey} from '../ipvs/types.ts';
import {networkOfAddress} from '../topology/names.ts';
import {spareAddresses} from '../topology/spare.ts';
import type {Family, Topology} from '../topology/types.ts';
import {addressIn, sourceCounts} from './resolve.ts';
import type {Lab} from './types.ts';

/** What of a lab says what its service is for. */
type Serving = Pick<Lab, 'service' | 'traffic'>;
type Endpoint = Marked['destinations'][number];

/** The addresses of a service: the VIP, and with a firewall mark further ones of its network that nobody has. */
export function virtualAddresses(
  lab: Serving,
  topology: Topology,
  family: Family,
): readonly string[] {
  const vip = addressIn(topology, lab.service.vip, family);
  const further = (lab.service.mark?.addresses ?? 1) - 1;
  if (further === 0) return [vip];
  const network = networkOfAddress(topology, vip)?.name;
  const node = topology.nodes.find(({interfaces}) => interfaces[0]?.network === network);
  if (node === undefined) return [vip];
  // The first spare ones are what clients send from.
  const sources = Math.max(0, ...sourceCounts(lab).values());
  return [vip, ...spareAddresses(topology, node, family, sources + further).slice(sources)];
}

/** The ports of a service: one, or more with a firewall mark. */
export const virtualPorts = ({service}: Pick<Lab, 'service'>): readonly number[] => [
  service.port,
  ...(service.mark?.ports ?? []),
];

/** All that a service is for: each address at each port, the addresses in turn first. */
export const virtualEndpoints = (
  lab: Serving,
  topology: Topology,
  family: Family,
): readonly Endpoint[] => {
  const addresses = virtualAddresses(lab, topology, family);
  return virtualPorts(lab).flatMap(port => addresses.map(address => ({address, port})));
};

/** What a lab's service is known by. */
export function keyOf(lab: Pick<Lab, 'service'>, topology: Topology, family: Family): ServiceKey {
  const {mark, protocol, vip, port} = lab.service;
  return mark === undefined
    ? {kind: 'address', protocol, address: addressIn(topology, vip, family), port}
    : {kind: 'fwmark', mark: mark.number, family};
}

/** What the director marks; a counter-lab may leave ports out. */
export function markedOf(
  lab: Serving,
  unmarked: readonly number[],
  topology: Topology,
  family: Family,
): Marked | undefined {
  const {mark, protocol} = lab.service;
  if (mark === undefined) return undefined;
  return {
    mark: mark.number,
    protocol,
    destinations: virtualEndpoints(lab, topology, family).filter(
      ({port}) => !unmarked.includes(port),
    ),
  };
}
