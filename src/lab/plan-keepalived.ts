import type {Expectation} from '../verdict/types.ts';
import {stepsOf} from './resolve.ts';
import {connectionsOf, type PlanStep} from './steps.ts';
import type {Lab} from './types.ts';

/** What a lab expects of keepalived, with the numbers and changes that follow from its steps. */
export function watchedBy(
  lab: Lab,
  steps: readonly PlanStep[],
  director: string,
): Pick<Expectation, 'health' | 'same'> {
  const {health, same} = lab.expect;
  const before = steps.slice(
    0,
    steps.findIndex(({kind}) => kind === 'keepalived'),
  );
  const changes = stepsOf(lab).flatMap(step =>
    step.kind === 'until'
      ? [{kind: step.listed ? ('add' as const) : ('remove' as const), node: step.node}]
      : [],
  );
  return {
    ...(health === undefined ? {} : {health: {node: director, changes, proves: health.proves}}),
    ...(same === undefined
      ? {}
      : {
          same: {
            first: before.reduce((sum, step) => sum + connectionsOf(step, lab.service), 0),
            proves: same.proves,
          },
        }),
  };
}
