import {BrokenLabError} from '../problem.ts';
import type {ExecResult} from './types.ts';

/** What a command that did not do on a node what it must makes of the lab: a broken one. `what` names the node. */
export const commandFailed = (
  node: string,
  what: string,
  {exitCode, stderr}: Pick<ExecResult, 'exitCode' | 'stderr'>,
  next = 'run the lab again',
): BrokenLabError =>
  new BrokenLabError({
    what,
    where: node,
    value: `exit code ${exitCode}: ${stderr.trim()}`,
    next,
  });

/** The same for a step of a lab, which may be at fault itself: `node "director": its table could not be watched`. */
export const stepFailed = (node: string, what: string, result: ExecResult): BrokenLabError =>
  commandFailed(node, `node "${node}": ${what}`, result, 'run the lab again, or correct it');

/** The nanoseconds that a command printed, and nothing else. Throws what stepFailed gives when it did not. */
export function timeSaid(node: string, what: string, result: ExecResult): string {
  const at = result.stdout.toString('utf8').trim();
  if (result.exitCode === 0 && /^\d+$/.test(at)) return at;
  throw stepFailed(node, what, result);
}
