import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatOwner, isAlive, ownerOf} from '../../own/owner.ts';
import {readOwner} from '../folder.ts';
import type {Progress} from './types.ts';

/**
 * Runs `task` while holding the lock `file`; a second process waits and says for whom. The kernel holds the lock
 * (flock(2)) for a child that ends when this process does, so no crash leaves one behind. The file is there while
 * somebody has the lock.
 */
export async function withLock<T>(
  file: string,
  progress: Progress,
  task: () => Promise<T>,
): Promise<T> {
  const holder = await acquire(file, progress);
  try {
    writeFileSync(file, formatOwner(ownerOf()));
    return await task();
  } finally {
    // Removed while it is held: whoever waits then has the lock of a file that is no more, sees it, and tries again.
    rmSync(file, {force: true});
    holder.stdin.end();
    await holder.ended;
  }
}

/** Removes the lock files in a folder that dead processes left. */
export function sweepLocks(folder: string): void {
  const files = existsSync(folder)
    ? readdirSync(folder).filter(name => name.endsWith('.lock'))
    : [];
  for (const file of files.map(name => join(folder, name))) {
    const owner = readOwner(file);
    if (owner !== undefined && isAlive(owner)) continue;
    // Only by whoever holds it: a new owner may have it already and be about to say so.
    spawnSync('flock', ['--nonblock', file, 'rm', '-f', '--', file], {stdio: 'ignore'});
  }
}

interface Holder {
  readonly stdin: {end(): void};
  readonly ended: Promise<unknown>;
}

async function acquire(file: string, progress: Progress): Promise<Holder> {
  for (let waits = false; ;) {
    const got = await hold(file, waits ? [] : ['--nonblock']);
    if (typeof got === 'object') return got;
    if (got === 'busy' && !waits) {
      waits = true;
      const owner = readOwner(file);
      progress({
        step: 'wait',
        why: `${owner === undefined ? 'another process' : `process ${owner.pid}`} is building the same (${file})`,
      });
    }
  }
}

const exits = {busy: 75, removed: 76} as const;
/** Says that it holds the lock when one of its files, which flock opened, is still the one of that name. */
const script = `for fd in /proc/self/fd/*; do
  [ "$fd" -ef "$0" ] && echo locked && exec cat >/dev/null
done
exit ${exits.removed}`;

/** `busy` when `--nonblock` is given and somebody else has it; `removed` when the file was removed as it was locked. */
async function hold(
  file: string,
  options: readonly string[],
): Promise<Holder | 'busy' | 'removed'> {
  const conflict = ['--conflict-exit-code', String(exits.busy)];
  // --no-fork would hand the lock to the shell alone; forked, flock holds it until cat has read the end of our pipe.
  // One that waits has no pipe to read from: it ends with this process by the kernel's hand.
  const flock = ['flock', ...conflict, ...options, file, 'sh', '-c', script, file];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...flock], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C must reach the holder only as the end of its pipe, after our clean-up.
  });
  const ended = once(child, 'exit');
  const locked = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    ended.then(() => false),
  ]);
  if (locked) return {stdin: child.stdin, ended};
  if (child.exitCode === exits.busy) return 'busy';
  if (child.exitCode === exits.removed) return 'removed';
  throw new Error(`flock ended with ${child.exitCode ?? child.signalCode} on ${file}`);
}
