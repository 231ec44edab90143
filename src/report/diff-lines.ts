/** A line of a comparison: on both sides, only on the first (`-`) or only on the second (`+`). */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** Compares two lists of lines, with as many common lines as there can be (longest common subsequence). For short lists. */
export function diffLines(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const [first, ...restA] = a;
  const [other, ...restB] = b;
  if (first === undefined) return b.map(line => ({sign: '+', line}));
  if (other === undefined) return a.map(line => ({sign: '-', line}));
  if (first === other) return [{sign: ' ', line: first}, ...diffLines(restA, restB)];
  const [without, with_] = [commonLength(restA, b), commonLength(a, restB)];
  return without >= with_
    ? [{sign: '-', line: first}, ...diffLines(restA, b)]
    : [{sign: '+', line: other}, ...diffLines(a, restB)];
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let row: readonly number[] = Array.from({length: b.length + 1}, () => 0);
  for (const line of a) {
    const next = [0];
    for (const [j, other] of b.entries())
      next.push(line === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}
