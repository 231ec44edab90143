import type {Topology} from '../topology/types.ts';
import type {Misfit} from './check.ts';
import type {Exchange} from './exchange/types.ts';
import type {FailoverLab} from './failover/types.ts';
import type {Comparison, Lab} from './types.ts';

/** That the topologies that a lab and its counter-labs name are there. */
export function checkTopologies(
  lab: Lab | Exchange | FailoverLab,
  known: readonly string[],
): readonly Misfit[] {
  const named = [
    {path: ['topology'], value: lab.topology},
    ...(lab.kind === 'lab' ? lab.counter : []).map(({change}) => ({
      path: ['counter', 'change', 'topology'],
      value: change.topology ?? lab.topology,
    })),
  ];
  return named
    .filter(({value}, i) => !known.includes(value) && (i === 0 || value !== lab.topology))
    .map(one => ({...one, what: 'there is no such topology', valid: known}));
}

/** That the nodes that a lab's counter-labs change are the lab's own. */
export function checkCounters(lab: Lab, topology: Topology): readonly Misfit[] {
  const changeable = [
    ...lab.realServers.map(({node}) => node),
    ...topology.nodes.filter(({role}) => role === 'director').map(({name}) => name),
  ];
  const gateways = ['none', ...topology.nodes.map(({name}) => name)];
  return lab.counter.flatMap(({change}) => [
    ...(change.nodes ?? [])
      .filter(name => !changeable.includes(name))
      .map(value => ({
        path: ['counter', 'change', 'nodes'],
        what: 'a counter-lab can change the director and real servers of the lab',
        value,
        valid: changeable,
      })),
    ...[change.setup?.gateway]
      .filter(name => name !== undefined)
      .filter(name => !gateways.includes(name))
      .map(value => ({
        path: ['counter', 'setup', 'gateway'],
        what: `topology "${topology.name}" has no such node`,
        value,
        valid: gateways,
      })),
  ]);
}

/** That the labs that a comparison names are there. */
export const checkCompared = (
  comparison: Comparison,
  names: readonly string[],
): readonly Misfit[] => {
  const valid = names.filter(name => name !== comparison.name);
  return comparison.of
    .filter(name => !valid.includes(name))
    .map(value => ({path: ['of'], what: 'there is no such lab to compare', value, valid}));
};
