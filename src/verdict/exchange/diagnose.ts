import type {RunFolder} from '../../run-folder/types.ts';
import {causes, type Diagnosis} from '../types.ts';
import type {ExchangeExpectation} from './types.ts';

/** The name of the text that tells a node's sysctls at the end of an exchange. */
export const sysctlText = 'exchange-sysctls';

/** The causes that the evidence shows, as `diagnose` gives them. */
export function diagnoseExchange(
  run: RunFolder,
  {sysctls}: ExchangeExpectation,
): readonly Diagnosis[] {
  const others = Object.entries(sysctls).flatMap(([node, values]) => {
    const shown = new Map(
      run
        .text(node, sysctlText)
        .split('\n')
        .map(line => {
          const at = line.indexOf(' = ');
          return [line.slice(0, at), line.slice(at + 3).trim()] as const;
        }),
    );
    return Object.entries(values).flatMap(([name, expected]) => {
      const value = shown.get(name);
      return value === undefined || value === expected ? [] : [{node, name, value, expected}];
    });
  });
  if (others.length === 0) return [];
  return [
    {
      cause: 'other-sysctl',
      text: `${causes['other-sysctl']}: ${others.map(({name, value, expected}) => `${name} is ${value}, not ${expected}`).join(', ')}`,
      evidence: others.map(({node, name, value}) => `${node}: ${name} = ${value}`),
    },
  ];
}
