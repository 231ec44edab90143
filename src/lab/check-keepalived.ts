import type {Misfit} from './check.ts';
import {stepsOf} from './resolve.ts';
import type {Lab} from './types.ts';

/** That what a lab expects of keepalived can come to be with its steps. */
export function checkKeepalived(lab: Lab): readonly Misfit[] {
  const steps = stepsOf(lab);
  const at = steps.findIndex(({kind}) => kind === 'keepalived');
  const takesOver = steps[at];
  const found: Misfit[] = [];
  const misfit = (path: readonly string[], what: string, next: string): void =>
    void found.push({path, what, value: path.at(-1) ?? '', valid: [], next});
  if (lab.expect.same !== undefined && at < 1)
    misfit(
      ['expect', 'same'],
      'there are no packets by ipvsadm and then by keepalived to compare',
      'put keepalived() between the same traffic twice',
    );
  if (lab.expect.health !== undefined && !(takesOver?.kind === 'keepalived' && takesOver.check))
    misfit(
      ['expect', 'health'],
      'keepalived checks no real servers in this lab',
      'start the traffic with keepalived({check: {interval: 1, timeout: 5}})',
    );
  if (steps.filter(({kind}) => kind === 'keepalived').length > 1)
    misfit(['traffic'], 'keepalived can take over only once', 'leave one keepalived() in');
  if (steps.some(({kind}) => kind === 'serve') && lab.service.protocol !== 'tcp')
    misfit(
      ['service', 'protocol'],
      'only the HTTP servers of a tcp service can be stopped and started',
      'use tcp, or leave these steps out',
    );
  return found;
}
