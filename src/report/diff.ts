import type {Difference} from '../verdict/behaviour.ts';
import type {Verdict} from '../verdict/types.ts';
import {diffLines} from './diff-lines.ts';
import {escapeControls, paint} from './style.ts';

/** A lab compared on two kernels, or in two saved runs. */
export interface LabDiff {
  readonly name: string;
  readonly verdicts: readonly [Verdict, Verdict];
  readonly runs: readonly [string | undefined, string | undefined];
  /** Why the two cannot be compared: one broke, was inconclusive, or both were skipped. */
  readonly reason: string | undefined;
  /** [] when they behaved the same, or cannot be compared. */
  readonly differences: readonly Difference[];
}

export interface DiffReport {
  readonly lvslab: string;
  /** The two sides: what was asked for (a kernel or a run folder) and its `uname -r`; null where no guest came up. */
  readonly sides: readonly [DiffSide, DiffSide];
  readonly labs: readonly LabDiff[];
}

export interface DiffSide {
  readonly wanted: string;
  readonly release: string | null;
}

type State = 'same' | 'different' | 'unknown';

const stateOf = ({reason, differences}: LabDiff): State => {
  if (differences.length > 0) return 'different';
  return reason === undefined ? 'same' : 'unknown';
};

/** For each lab what changed: lines of the first side with -, of the second with +; then what every lab showed in the same way. */
export function diffText({lvslab, sides, labs}: DiffReport, colored = false): string {
  const names = sides.map(({wanted, release}) => release ?? wanted);
  // Two builds of one release, or two runs on one kernel.
  const [a = '', b = ''] = names[0] === names[1] ? sides.map(({wanted}) => wanted) : names;
  const common = commonTo(labs);
  const print = (differences: readonly Difference[]): string[] =>
    differences.flatMap(({of, what, a: was, b: is}) => [
      `  ${[...of].join(', ')}: ${escapeControls(what)}`,
      ...diffLines(linesOf(was), linesOf(is)).map(
        ({sign, line}) => `    ${sign} ${escapeControls(line)}`,
      ),
    ]);
  const blocks = labs.map(lab => {
    const own = lab.differences.filter(one => !common.has(keyOf(one)));
    const shared = lab.differences.length - own.length;
    const also = shared === 0 ? [] : [`  and ${shared} that every lab shows, below`];
    const why = lab.reason === undefined ? [] : [`  ${escapeControls(lab.reason)}`];
    return [`${word(stateOf(lab), colored)}  ${lab.name}`, ...why, ...print(own), ...also].join(
      '\n',
    );
  });
  const everywhere = labs[0]?.differences.filter(one => common.has(keyOf(one))) ?? [];
  const last = everywhere.length === 0 ? [] : [['every lab', ...print(everywhere)].join('\n')];
  return `${[`lvslab ${lvslab}\n- ${a}\n+ ${b}`, ...blocks, ...last].join('\n\n')}\n`;
}

const word = (state: State, colored: boolean): string => {
  const verdict = {same: 'PASS', different: 'FAIL', unknown: 'INCONCLUSIVE'} as const;
  const painted = paint(verdict[state], colored).replace(verdict[state], state);
  return `${painted}${' '.repeat('different'.length - state.length)}`;
};

const linesOf = (value: string | undefined): readonly string[] => value?.split('\n') ?? [];

const keyOf = (difference: Difference): string => JSON.stringify(difference);

/** What changed in the same way in every lab, where there are several. */
function commonTo(labs: readonly LabDiff[]): ReadonlySet<string> {
  const compared = labs.filter(({reason}) => reason === undefined);
  const [first, ...others] = compared.map(({differences}) => new Set(differences.map(keyOf)));
  if (first === undefined || others.length === 0 || compared.length < labs.length) return new Set();
  return new Set([...first].filter(key => others.every(other => other.has(key))));
}

/**
 * A comparison as JSON text: `{lvslab, kernels: [{wanted, release}], labs: [{name, state, reason, verdicts, runs, differences:
 * [{of, what, a, b}]}]}`; `a` and `b` are null where that side did not show it.
 */
export function diffJson({lvslab, sides, labs}: DiffReport): string {
  const report = {
    lvslab,
    kernels: sides,
    labs: labs.map(lab => ({
      name: lab.name,
      state: stateOf(lab),
      reason: lab.reason ?? null,
      verdicts: lab.verdicts,
      runs: lab.runs.map(run => run ?? null),
      differences: lab.differences.map(({of, what, a, b}) => ({
        of,
        what,
        a: a ?? null,
        b: b ?? null,
      })),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
