import {setSysctl, sysctlFunction} from '../nodes/sysctl.ts';
import type {CounterLab, Lab} from './types.ts';

/** A script that sets a node's sysctls, '' for none. */
export function sysctlScript(values: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(values).map(([name, value]) => setSysctl(name, String(value)));
  return lines.length === 0 ? '' : [sysctlFunction, 'set -e', ...lines].join('\n');
}

/** The scripts by node, before each the sysctls that the lab, or else its counter-lab, gives the node. */
export function withSysctls(
  lab: Pick<Lab, 'sysctls'>,
  counter: CounterLab | undefined,
  scripts: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const all = new Map(scripts);
  const [own = {}, changed = {}] = [lab.sysctls, counter?.change.sysctls];
  for (const node of new Set([...Object.keys(own), ...Object.keys(changed)])) {
    const values = sysctlScript({...own[node], ...changed[node]});
    all.set(node, `${values}\n${all.get(node) ?? ''}`);
  }
  return all;
}
