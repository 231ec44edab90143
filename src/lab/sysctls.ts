import {setSysctl, sysctlFunction} from '../nodes/sysctl.ts';
import type {CounterLab, Lab} from './types.ts';

/** The scripts by node, before each the sysctls that the lab, or else its counter-lab, gives the node. */
export function withSysctls(
  lab: Pick<Lab, 'sysctls'>,
  counter: CounterLab | undefined,
  scripts: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const all = new Map(scripts);
  const [own = {}, changed = {}] = [lab.sysctls, counter?.change.sysctls];
  for (const node of new Set([...Object.keys(own), ...Object.keys(changed)])) {
    const values = Object.entries({...own[node], ...changed[node]});
    const lines = values.map(([name, value]) => setSysctl(name, String(value)));
    all.set(node, [sysctlFunction, 'set -e', ...lines, all.get(node) ?? ''].join('\n'));
  }
  return all;
}
