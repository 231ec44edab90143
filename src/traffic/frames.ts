import type {NodeShell} from '../nodes/types.ts';
import {BrokenLabError} from '../problem.ts';
import {program} from './program.ts';

/** A whole Ethernet frame to send as it is. */
export interface OutFrame {
  /** The interface's name. */
  readonly device: string;
  readonly hex: string;
}

/** Frames that a node's capture must come to have. */
export interface Awaited {
  readonly device: string;
  /** How many since the capture began. */
  readonly count: number;
  /** A regular expression over a frame in hex, of hex digits, dots, `*`, `^`, `$` and braces alone. */
  readonly pattern: string;
}

/** A script that sends the frames in this order; it prints `sent N`. */
export const sendScript = (frames: readonly OutFrame[]): string =>
  fed(
    program('send', []),
    frames.map(({device, hex}) => `${device} ${hex}`),
  );

/** Sends the frames from the node in this order, one behind the other. Throws BrokenLabError when one cannot be sent. */
export async function sendFrames(shell: NodeShell, frames: readonly OutFrame[]): Promise<void> {
  const {exitCode, stdout, stderr} = await shell.run(sendScript(frames), {
    label: `send ${frames.length} frames`,
  });
  if (exitCode === 0 && stdout.toString('utf8') === `sent ${frames.length}\n`) return;
  throw new BrokenLabError({
    what: `node "${shell.node}" could not send its frames`,
    where: shell.node,
    value: `exit code ${exitCode}: ${stderr.trim()}`,
    next: 'run the lab again',
  });
}

/**
 * Waits until the node's captures, in their folder, have the frames and the kernel has dealt with them. Gives those that did not come within
 * `seconds`, [] when all did. Throws BrokenLabError when the captures cannot be read.
 */
export async function awaitFrames(
  shell: NodeShell,
  folder: string,
  awaited: readonly Awaited[],
  seconds: number,
): Promise<readonly string[]> {
  const {exitCode, stdout, stderr} = await shell.run(
    fed(
      program('watch', [folder, String(seconds)]),
      awaited.map(({device, count, pattern}) => `${device} ${count} ${pattern}`),
    ),
    {label: `wait for ${awaited.length} frames`, timeoutMs: (seconds + 60) * 1000},
  );
  const [word, ...late] = stdout.toString('utf8').trim().split('\n');
  if (exitCode === 0 && word === 'seen') return [];
  if (exitCode === 0 && word === 'late') return late;
  throw new BrokenLabError({
    what: `the captures of node "${shell.node}" could not be watched`,
    where: shell.node,
    value: `exit code ${exitCode}: ${stderr.trim()}`,
    next: 'run the lab again',
  });
}

/** A command with the lines as its input; they hold device names, numbers and hex patterns. */
function fed(command: string, lines: readonly string[]): string {
  const bad = lines.find(line => !/^[\w.^$*{},: -]+$/.test(line));
  if (bad !== undefined) throw new TypeError(`not a line for a script: ${bad}`);
  return [`${command} <<'LVSLAB'`, ...lines, 'LVSLAB', ''].join('\n');
}
