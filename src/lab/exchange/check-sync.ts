import {interfaceOn} from '../../topology/names.ts';
import {parseAddress} from '../../topology/ip.ts';
import type {Topology} from '../../topology/types.ts';
import {isWhole, macOfGroup} from '../../verdict/exchange/group.ts';
import type {Names} from '../../verdict/names.ts';
import type {Misfit} from '../check.ts';
import type {Exchange, ExchangeStep, PacketFields} from './types.ts';

/** What does not fit of an exchange's sync daemon, and of the sync messages that its packets are. */
export const checkSync = (lab: Exchange): readonly Misfit[] => [
  ...lab.steps.flatMap(packetsOf).flatMap(checkMessage),
  ...lab.counter.flatMap(({change}) =>
    change.sync === undefined || lab.sync !== undefined
      ? []
      : [
          {
            path: ['counter', 'change', 'sync'],
            what: 'the lab has no sync daemon of which this could be changed',
            value: 'sync',
            valid: [],
            next: "state the lab's own sync",
          },
        ],
  ),
];

const packetsOf = (step: ExchangeStep): readonly PacketFields[] => {
  if (step.kind === 'together') return step.packets;
  if (step.kind === 'repeat') return [step.packet];
  return step.kind === 'packet' ? [step] : [];
};

function checkMessage({sync, udp, payload, icmp}: PacketFields): readonly Misfit[] {
  const quoted = icmp?.quotes === undefined ? [] : checkMessage(icmp.quotes);
  if (sync === undefined || (udp !== undefined && payload === undefined)) return quoted;
  return [
    ...quoted,
    {
      path: ['steps', 'sync'],
      what: 'a sync message is all that a datagram carries',
      value: 'sync',
      valid: [],
      next: udp === undefined ? "give the packet udp: {ports: '8848 > 8848'}" : 'leave payload out',
    },
  ];
}

/** A link `node > network` is of a packet to a group, and of a node that is on the network. */
export function checkWhole(
  [from = '', to = '']: readonly string[],
  destination: string,
  topology: Topology,
  names: Pick<Names, 'address'>,
): Misfit | undefined {
  if (!isWhole(to, topology)) return undefined;
  const sender = topology.nodes.find(({name}) => name === from);
  const wrong = (what: string, next: string): Misfit => ({
    path: ['steps', 'path'],
    what,
    value: `${from} > ${to}`,
    valid: [],
    next,
  });
  if (sender !== undefined && interfaceOn(sender, to) === undefined)
    return wrong('the node is not on this network', 'name a network of the node');
  const address = names.address(destination);
  // That nobody has the name is told where names are looked at.
  if (address === undefined || parseAddress(address) === undefined) return undefined;
  return macOfGroup(address) === undefined
    ? wrong(
        'only what goes to a multicast group goes to all of a network',
        'name the node that gets it, or a group as its destination',
      )
    : undefined;
}
