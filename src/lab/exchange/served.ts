import type {Lab} from '../types.ts';
import type {Exchange} from './types.ts';

/** An exchange as what plans a lab's service knows it: of its steps the edits. */
export const servedBy = ({
  service,
  realServers,
  setup,
  family,
  needs,
  sysctls,
  steps,
}: Exchange): Pick<
  Lab,
  'service' | 'realServers' | 'setup' | 'family' | 'needs' | 'sysctls' | 'traffic'
> => ({
  service,
  realServers,
  setup,
  family,
  needs,
  sysctls,
  traffic: steps.filter(step => step.kind === 'edit'),
});
