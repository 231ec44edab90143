import type {NodeShell} from '../nodes/types.ts';
import {BrokenLabError} from '../problem.ts';
import {quote} from '../quote.ts';
import {program, trafficFolder} from './program.ts';

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
  /** A regular expression over a frame in hex, without spaces. */
  readonly pattern: string;
}

const folder = `${trafficFolder}/wire`;

/** A script that starts, once in a node's life, what sends frames and waits for them; captures are in their folder. */
export const startWire = (captures: string): string =>
  [
    `mkdir -p ${folder}`,
    `mkfifo ${folder}/ask ${folder}/answer`,
    `${program('wire', [folder, captures])} </dev/null >/dev/null 2>${folder}/errors &`,
  ].join('\n');

/** A script that sends the frames in this order; it prints `sent N`. */
export const sendScript = (frames: readonly OutFrame[]): string =>
  ask(frames.map(({device, hex}) => `send ${device} ${hex}`));

/** Sends the frames from the node in this order, one behind the other. Throws BrokenLabError when one cannot be sent. */
export async function sendFrames(shell: NodeShell, frames: readonly OutFrame[]): Promise<void> {
  const {exitCode, stdout, stderr} = await shell.run(sendScript(frames), {
    label: `send ${frames.map(({device, hex}) => `${device} ${hex}`).join(', ')}`,
  });
  const said = stdout.toString('utf8').trim();
  if (exitCode === 0 && said === `sent ${frames.length}`) return;
  throw new BrokenLabError({
    what: `node "${shell.node}" could not send its frames`,
    where: shell.node,
    value: `exit code ${exitCode}: ${said} ${stderr.trim()}`,
    next: 'run the lab again',
  });
}

/**
 * Waits until the node's captures have the frames and the kernel has dealt with them. Gives those that did not come within
 * `seconds`, [] when all did. Throws BrokenLabError when the captures cannot be read.
 */
export async function awaitFrames(
  shell: NodeShell,
  awaited: readonly Awaited[],
  seconds: number,
): Promise<readonly string[]> {
  const {exitCode, stdout, stderr} = await shell.run(
    ask([
      ...awaited.map(({device, count, pattern}) => `want ${device} ${count} ${pattern}`),
      `within ${seconds}`,
    ]),
    {label: `wait for ${awaited.length} frames`, timeoutMs: (seconds + 60) * 1000},
  );
  const [word, ...late] = stdout.toString('utf8').trim().split('\n');
  if (exitCode === 0 && word === 'seen') return [];
  if (exitCode === 0 && word === 'late') return late;
  throw new BrokenLabError({
    what: `the captures of node "${shell.node}" could not be watched`,
    where: shell.node,
    value: `exit code ${exitCode}: ${word} ${stderr.trim()}`,
    next: 'run the lab again',
  });
}

/** A request to wire.pl and its answer, without a process of its own. */
const ask = (lines: readonly string[]): string =>
  [
    `printf '%s\\n' ${lines.map(quote).join(' ')} >${folder}/ask`,
    `while read -r line; do echo "$line"; done <${folder}/answer`,
  ].join('\n');
