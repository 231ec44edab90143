import type {Lab} from '../types.ts';
import type {Exchange} from './types.ts';

/** An exchange as what plans a lab's service knows it: of its steps the edits. */
export const servedBy = ({
  service,
  realServers,
  setup,
  family,
  needs,
  steps,
}: Exchange): Pick<Lab, 'service' | 'realServers' | 'setup' | 'family' | 'needs' | 'traffic'> => ({
  service,
  realServers,
  setup,
  family,
  needs,
  traffic: steps.filter(step => step.kind === 'edit'),
});
