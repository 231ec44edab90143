import type {RunFolder} from '../../run-folder/types.ts';
import {type Diagnosis} from '../types.ts';
import {causes} from '../causes.ts';
import type {ExchangeExpectation} from './types.ts';

/** The causes that the evidence shows, as `diagnose` gives them. */
export const diagnoseExchange = (
  run: RunFolder,
  expectation: ExchangeExpectation,
): readonly Diagnosis[] => [...otherSysctl(run, expectation), ...otherTimeouts(run, expectation)];

function otherSysctl(run: RunFolder, {sysctls}: ExchangeExpectation): readonly Diagnosis[] {
  const others = sysctls.flatMap(({step, node, text, values}) => {
    const shown = new Map(
      run
        .text(node, text)
        .split('\n')
        .map(line => {
          const at = line.indexOf(' = ');
          return [
            line.slice(0, at),
            line
              .slice(at + 3)
              .trim()
              .replaceAll(/\s+/g, ' '),
          ] as const;
        }),
    );
    return Object.entries(values).flatMap(([name, expected]) => {
      const value = shown.get(name);
      return value === undefined || value === expected
        ? []
        : [{name, value, expected, place: `${node} at step ${step}`}];
    });
  });
  if (others.length === 0) return [];
  const words = others.map(({name, value, expected}) => `${name} is ${value}, not ${expected}`);
  return [
    {
      cause: 'other-sysctl',
      text: `${causes['other-sysctl']}: ${[...new Set(words)].join(', ')}`,
      evidence: others.map(({place, name, value}) => `${place}: ${name} = ${value}`),
    },
  ];
}

/** `Timeout (tcp tcpfin udp): 900 120 300`. */
function otherTimeouts(
  run: RunFolder,
  {director, timeouts}: ExchangeExpectation,
): readonly Diagnosis[] {
  if (timeouts === undefined) return [];
  const line = run.text(director, timeouts.text).trim();
  const [, names = '', seconds = ''] = /^Timeout \((.*)\): (.*)$/.exec(line) ?? [];
  const all = seconds.split(' ');
  const shown = new Map(names.split(' ').map((name, i) => [name, all[i]]));
  const words = Object.entries(timeouts.values).flatMap(([name, expected]) => {
    const value = shown.get(name);
    return value === undefined || value === String(expected)
      ? []
      : [`${name} is ${value} s, not ${expected} s`];
  });
  if (words.length === 0) return [];
  return [
    {
      cause: 'other-timeouts',
      text: `${causes['other-timeouts']}: ${words.join(', ')}`,
      evidence: [`${director}: ${line}`],
    },
  ];
}
