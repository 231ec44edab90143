import {addressNames} from '../topology/names.ts';
import type {Topology} from '../topology/types.ts';
import type {Misfit} from './check.ts';
import {virtualPorts} from './marked.ts';
import {added, stepsOf} from './resolve.ts';
import type {Lab} from './types.ts';
import type {ConnectionTraffic, Step} from './step-types.ts';

/** That the nodes, addresses and held connections that a lab's steps name are there. */
export function checkSteps(lab: Lab, topology: Topology): readonly Misfit[] {
  const clients = namesOfRole(topology, 'client');
  const spare = namesOfRole(topology, 'realServer');
  const servers = [...lab.realServers, ...added(lab)].map(({node}) => node);
  const steps = stepsOf(lab);
  const noNode = `topology "${topology.name}" has no such node here`;
  return steps.flatMap((step, i): Misfit[] => {
    if (step.kind === 'release')
      return unknown(
        ['traffic', 'hold'],
        [step.hold],
        steps.slice(0, i).flatMap(heldBy),
        'no step before holds connections of this name',
      );
    if (step.kind === 'edit')
      return [
        ...unknown(
          ['traffic', 'add'],
          (step.add ?? []).map(({node}) => node),
          spare,
          noNode,
        ),
        ...unknown(
          ['traffic'],
          [...Object.keys(step.weights ?? {}), ...(step.remove ?? [])],
          servers,
          'the service has no such real server',
        ),
      ];
    if (step.kind === 'keepalived' || step.kind === 'timeouts' || step.kind === 'expire') return [];
    if (step.kind === 'serve' || step.kind === 'until')
      return unknown(
        ['traffic', 'node'],
        [step.node],
        servers,
        'the service has no such real server',
      );
    return [
      ...(step.kind === 'connections' ? checkDestinations(lab, step) : []),
      ...unknown(['traffic', 'from'], [step.from], clients, noNode),
      ...unknown(
        ['traffic', 'to'],
        [step.to],
        addressNames(topology),
        `topology "${topology.name}" has no address of this name`,
      ),
    ];
  });
}

/** Only a service of a firewall mark has more than one address and port. */
function checkDestinations(lab: Lab, {destinations = 1, ports = []}: ConnectionTraffic): Misfit[] {
  const most = lab.service.mark?.addresses ?? 1;
  return [
    ...unknown(
      ['traffic', 'ports'],
      ports.map(String),
      virtualPorts(lab).map(String),
      'the service has no such port',
    ),
    ...(destinations <= most
      ? []
      : [
          {
            path: ['traffic', 'destinations'],
            what: 'the service has not so many addresses',
            value: String(destinations),
            valid: [`up to ${most}`],
            next: 'give it more with mark.addresses, or use fewer',
          },
        ]),
  ];
}

const heldBy = (step: Step): string[] =>
  step.kind === 'connections' && step.hold !== undefined ? [step.hold] : [];

const namesOfRole = ({nodes}: Topology, wanted: string): readonly string[] =>
  nodes.filter(({role}) => role === wanted).map(({name}) => name);

const unknown = (
  path: readonly string[],
  values: readonly string[],
  valid: readonly string[],
  what: string,
): Misfit[] =>
  values.filter(value => !valid.includes(value)).map(value => ({path, what, value, valid}));
