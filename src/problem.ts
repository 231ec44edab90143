/** What went wrong, in the parts that every message of lvslab has. */
export interface Problem {
  /** What is wrong, naming the object: `unknown role in node "rs1"`. */
  readonly what: string;
  /** Where: `file:line:column`, a flag, or a node and interface. */
  readonly where?: string | undefined;
  /** The bad value, as the user wrote it. */
  readonly value?: string | undefined;
  /** The values that would have been accepted. */
  readonly valid?: readonly string[] | undefined;
  /** What to do now: one step. */
  readonly next?: string | undefined;
}

/** Words a problem on at most four lines: place and what, value, valid values, next step. */
export function wordProblem(problem: Problem): string {
  const lines = [problem.where === undefined ? problem.what : `${problem.where}: ${problem.what}`];
  if (problem.value !== undefined) lines.push(`  got    ${problem.value || '""'}`);
  if (problem.valid !== undefined && problem.valid.length > 0)
    lines.push(`  valid  ${problem.valid.join(', ')}`);
  if (problem.next !== undefined) lines.push(`  next   ${problem.next}`);
  return lines.join('\n');
}

abstract class ProblemError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], cause?: unknown) {
    const list = 'what' in problems ? [problems] : problems;
    super(list.map(wordProblem).join('\n'), cause === undefined ? undefined : {cause});
    this.problems = list;
  }
}

/** The user's input is wrong (topology, lab, flag, pcap, pasted config): exit code 2. */
export class InputError extends ProblemError {
  override readonly name = 'InputError';
}

/** The lab itself broke (engine gone, container died, guest did not boot): verdict ERROR, exit code 3. */
export class BrokenLabError extends ProblemError {
  override readonly name = 'BrokenLabError';
}

/** The nearest of `candidates` to a mistyped `word` by edit distance, if any is near; the first of equally near ones. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const best = candidates
    .map(candidate => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  // A word of which no letter is left is no correction, however short.
  const near = best !== undefined && best.distance <= Math.max(2, word.length / 3);
  return near && best.distance < Math.max(word.length, best.candidate.length)
    ? best.candidate
    : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const substitute = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(substitute, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
