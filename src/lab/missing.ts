import type {KernelFacts} from '../host/types.ts';
import {tunnelOn} from '../ipvs/method.ts';
import type {Plan} from './plan.ts';

/**
 * What the kernel lacks of what the lab needs, in words: ip_vs itself, the service's scheduler, a tunnel device. Undefined
 * when it has all. By what was probed, never by version.
 */
export function whatLacks({lab}: Pick<Plan, 'lab'>, kernel: KernelFacts): string | undefined {
  const word = (what: string): string => `kernel ${kernel.release} has no ${what}`;
  if (!kernel.ipvs) return word('IPVS (ip_vs)');
  const {scheduler} = lab.service;
  if (!kernel.schedulers.includes(scheduler))
    return word(`scheduler "${scheduler}" (ip_vs_${scheduler})`);
  const devices = lab.realServers
    .filter(({forward}) => forward === 'tunnel')
    .map(({tunnel = {type: 'ipip'}}) => tunnelOn(tunnel, lab.family ?? 'v4').device);
  const device = devices.find(name => !kernel.tunnels.includes(name));
  return device === undefined ? undefined : word(`tunnel device ${device}`);
}
