import type {RunFolder} from '../../run-folder/types.ts';
import {type Diagnosis} from '../types.ts';
import {causes} from '../causes.ts';
import {daemonsIn} from './daemon.ts';
import {sysctlsIn, timeoutsIn} from './sysctls.ts';
import type {ExchangeExpectation} from './types.ts';

/** The causes that the evidence shows, as `diagnose` gives them. */
export const diagnoseExchange = (
  run: RunFolder,
  expectation: ExchangeExpectation,
): readonly Diagnosis[] => [
  ...otherSysctl(run, expectation),
  ...otherTimeouts(run, expectation),
  ...otherSyncId(run, expectation),
];

function otherSysctl(run: RunFolder, {sysctls}: ExchangeExpectation): readonly Diagnosis[] {
  const others = sysctls.flatMap(({step, node, text, values}) => {
    const shown = sysctlsIn(run.text(node, text));
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

function otherTimeouts(
  run: RunFolder,
  {director, timeouts}: ExchangeExpectation,
): readonly Diagnosis[] {
  if (timeouts === undefined) return [];
  const line = run.text(director, timeouts.text).trim();
  const shown = timeoutsIn(line);
  const words = Object.entries(timeouts.values).flatMap(([name, expected]) => {
    const value = shown.get(name);
    return value === undefined || value === expected
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

function otherSyncId(
  run: RunFolder,
  {director, daemon}: ExchangeExpectation,
): readonly Diagnosis[] {
  if (daemon === undefined) return [];
  const text = run.text(director, daemon.text).trim();
  const other = daemonsIn(text).find(({state, id}) => state === daemon.state && id !== daemon.id);
  if (other === undefined) return [];
  return [
    {
      cause: 'other-sync-id',
      text: `${causes['other-sync-id']}: ${other.id}, not ${daemon.id}`,
      evidence: [`${director}: ${text}`],
    },
  ];
}
