import type {RunFolder} from '../../run-folder/types.ts';
import {CheckDraft} from '../checks.ts';
import type {Check} from '../types.ts';
import type {StepExpectation} from './types.ts';

type Of<K extends StepExpectation['kind']> = Extract<StepExpectation, {readonly kind: K}>;

/** The lines of a text that must be there, and those that must not. A text that is not there fails. */
export function checkShown(
  run: RunFolder,
  {step, node, what, text, lines, not, proves}: Of<'shows'>,
): Check {
  const draft = new CheckDraft(
    `step.${step}.shows`,
    `step ${step}: ${node} shows in ${what}`,
    proves,
  );
  const printed = run.text(node, text);
  const place = `${node}: ${what} at step ${step}`;
  if (printed !== '') draft.judge(lines.length + not.length);
  for (const line of missingLines(printed, lines))
    draft.fail({field: 'line', expected: line, actual: 'no line that fits', place});
  for (const line of printed.split('\n').filter(one => fitsAny(one, not)))
    draft.fail({field: 'line', expected: 'no such line', actual: line, place});
  return draft.done();
}

/** Whether a text shows what it must. */
export const isShown = (
  printed: string,
  {lines, not}: Pick<Of<'shows'>, 'lines' | 'not'>,
): boolean =>
  printed !== '' &&
  missingLines(printed, lines).length === 0 &&
  !printed.split('\n').some(one => fitsAny(one, not));

const missingLines = (printed: string, lines: readonly string[]): readonly string[] => {
  const all = printed.split('\n');
  return lines.filter(line => !all.some(one => new RegExp(line).test(one)));
};

export const fitsAny = (line: string, patterns: readonly string[]): boolean =>
  patterns.some(pattern => new RegExp(pattern).test(line));

/** Counters against what they were before the first step. */
export function checkRise(
  run: RunFolder,
  {step, node, before, text, rose, proves}: Of<'counters'>,
): Check {
  const draft = new CheckDraft(
    `step.${step}.counters`,
    `step ${step}: counters of ${node}`,
    proves,
  );
  const [was, is] = [before, text].map(name => countersOf(run.text(node, name)));
  for (const [name, by] of Object.entries(rose)) {
    const [first, last] = [was?.get(name), is?.get(name)];
    draft.judge();
    if (first === undefined || last === undefined || last - first !== by)
      draft.fail({
        field: name,
        expected: `${by} more`,
        actual:
          first === undefined || last === undefined ? 'no such counter' : `${last - first} more`,
        place: `${node}: nstat at step ${step}`,
      });
  }
  return draft.done();
}

/** `IpInReceives   12   0.0`, a line a counter (nstat(8)). */
export const countersOf = (printed: string): ReadonlyMap<string, number> =>
  new Map(
    printed.split('\n').flatMap(line => {
      const [, name, value] = /^(\w+)\s+(\d+)\s/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(value)] as const];
    }),
  );
