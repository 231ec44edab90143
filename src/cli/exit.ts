import {CommanderError} from 'commander';
import {BrokenLabError, InputError} from '../problem.ts';
import type {Verdict} from '../verdict/types.ts';

/** Exit codes, as the README lists them. */
export const exitCodes = {pass: 0, fail: 1, input: 2, broken: 3, skipped: 4} as const;

/** The exit code of several verdicts: the worst one counts; SKIP only when nothing else was said. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  if (verdicts.includes('FAIL')) return exitCodes.fail;
  if (verdicts.includes('ERROR') || verdicts.includes('INCONCLUSIVE')) return exitCodes.broken;
  if (verdicts.length > 0 && verdicts.every(verdict => verdict === 'SKIP'))
    return exitCodes.skipped;
  return exitCodes.pass;
}

/**
 * An exit code as `git bisect run` takes it (git-bisect(1)): 0 good, 1 bad, 125 cannot be told (error, inconclusive,
 * skipped), 128 ends the bisection: a mistake in the command is no commit's fault.
 */
export const bisectCode = (code: number): number => {
  if (code === exitCodes.pass || code === exitCodes.fail) return code;
  return code === exitCodes.input ? 128 : 125;
};

/** Says on stderr what went wrong and returns the exit code for it. */
export function reportError(error: unknown): number {
  // Commander has already printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.input;
  if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.input;
  }
  if (error instanceof BrokenLabError) {
    process.stderr.write(`ERROR  ${error.message}\n`);
    return exitCodes.broken;
  }
  process.stderr.write(
    `ERROR  lvslab itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitCodes.broken;
}
