/** One line of the table: what was measured, beside what it is compared with. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  /** What it is compared with; '' when with nothing. */
  readonly against: string;
  /** Ours to the other. */
  readonly ratio: string;
  /** What is aimed at; '' when nothing. */
  readonly target: string;
  /** Undefined without a target. */
  readonly met?: boolean | undefined;
}

export interface Outcome {
  readonly rows: readonly Row[];
  /** Paragraphs of Markdown: how it was measured, and where the time goes. */
  readonly notes: readonly string[];
}

/** A part of the benchmark. Throws what the measured thing throws. */
export interface Measurement {
  readonly name: string;
  readonly title: string;
  run(say: (line: string) => void): Promise<Outcome>;
}

/** The middle value, the mean of the two middle ones of an even number; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [below, above] = [(sorted.length - 1) / 2, sorted.length / 2];
  return ((sorted[Math.floor(below)] ?? NaN) + (sorted[Math.floor(above)] ?? NaN)) / 2;
}

/** Seconds that the work took, and what it gave. */
export async function timed<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1000, result];
}

/** The seconds of each of several runs, one after the other. */
export async function repeat(times: number, work: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < times) taken.push(await work());
  return taken;
}

/** `3.2 s`. */
export const inSeconds = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;

/** `median 1.02 s of 10 (0.97 to 1.30)`. */
export const spread = (seconds: readonly number[]): string =>
  `${inSeconds(median(seconds))} (median of ${seconds.length}, ${inSeconds(Math.min(...seconds))} to ${inSeconds(Math.max(...seconds))})`;

/** `0.14 x`. */
export const times = (ours: number, theirs: number): string => `${(ours / theirs).toFixed(2)} x`;
