import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {formatOwner, ownerOf, parseOwner} from '../../own/owner.ts';
import type {Progress} from './types.ts';

/**
 * Runs `task` while holding the lock `file`; a second process waits and says for whom. The kernel holds the lock
 * (flock(2)) for a child that ends when this process does, so no crash leaves one behind.
 */
export async function withLock<T>(
  file: string,
  progress: Progress,
  task: () => Promise<T>,
): Promise<T> {
  const holder = (await hold(file, ['--nonblock'])) ?? (await waitFor(file, progress));
  try {
    writeFileSync(file, formatOwner(ownerOf()));
    return await task();
  } finally {
    holder.stdin.end();
    await holder.ended;
  }
}

async function waitFor(file: string, progress: Progress): Promise<Holder> {
  const owner = parseOwner(readFileSync(file, 'utf8'));
  progress({
    step: 'wait',
    why: `${owner === undefined ? 'another process' : `process ${owner.pid}`} is building the same (${file})`,
  });
  const holder = await hold(file, []);
  if (holder === undefined) throw new Error(`flock gave up on ${file}`);
  return holder;
}

interface Holder {
  readonly stdin: {end(): void};
  readonly ended: Promise<unknown>;
}

/** Undefined when `--nonblock` is given and somebody else has it. */
async function hold(file: string, options: readonly string[]): Promise<Holder | undefined> {
  // --no-fork would hand the lock to cat alone; forked, flock holds it until cat has read the end of our pipe.
  const child = spawn('flock', [...options, file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C must reach the holder only as the end of its pipe, after our clean-up.
  });
  const ended = once(child, 'exit');
  const locked = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    ended.then(() => false),
  ]);
  return locked ? {stdin: child.stdin, ended} : undefined;
}
