import type {RunFolder} from '../../run-folder/types.ts';
import type {ExchangeExpectation} from './types.ts';

/** Reads `name = value`, a line each. */
export const sysctlsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap(line => {
      const at = line.indexOf(' = ');
      return at < 0
        ? []
        : [
            [
              line.slice(0, at),
              line
                .slice(at + 3)
                .trim()
                .replaceAll(/\s+/g, ' '),
            ] as const,
          ];
    }),
  );

/** Reads `Timeout (tcp tcpfin udp): 900 120 300`, in seconds. */
export function timeoutsIn(text: string): ReadonlyMap<string, number> {
  const [, names = '', seconds = ''] = /^Timeout \((.*)\): (.*)$/.exec(text.trim()) ?? [];
  const all = seconds.split(' ');
  return new Map(names === '' ? [] : names.split(' ').map((name, i) => [name, Number(all[i])]));
}

/** What a sysctl of the director, by its name behind `net.ipv4.vs.`, was at a step; undefined where nothing tells. */
export type SysctlAt = (step: number, name: string) => string | undefined;

/** By what the director said when the lab set it or, where it never did, at the end. */
export function sysctlAt(
  run: RunFolder,
  {director, sysctls}: Pick<ExchangeExpectation, 'director' | 'sysctls'>,
): SysctlAt {
  const told = sysctls
    .filter(({node}) => node === director)
    .map(({step, text}) => ({step, values: sysctlsIn(run.text(director, text))}));
  const atEnd = sysctlsIn(run.text(director, 'sysctl'));
  return (step, short) => {
    const name = `net.ipv4.vs.${short}`;
    const own = told.filter(({values}) => values.has(name));
    if (own.length === 0) return atEnd.get(name);
    return own.findLast(one => one.step <= step)?.values.get(name);
  };
}
