import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {removeFolder} from '../../../src/host/folder.ts';
import {poll} from '../../../src/host/poll.ts';
import {sweepHost} from '../../../src/host/sweep.ts';
import {newFolder} from '../../support/folder.ts';

const script = fileURLToPath(new URL('../support/build-template.ts', import.meta.url));

/** A process that wants the template `shared` of the cache, and what it says, line by line. */
function wanting(t: ExecutionContext, cache: string) {
  const child = spawn(process.execPath, ['--import=tsx', script], {
    env: {...process.env, LVSLAB_CACHE: cache},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const says = async (): Promise<string> => String((await lines.next()).value);
  return {child, says};
}

function ownCache(t: ExecutionContext): string {
  const cache = newFolder();
  t.teardown(() => removeFolder(cache));
  return cache;
}

test.serial(
  'two processes that want one template: one builds it, the other waits and has the same',
  async t => {
    const cache = ownCache(t);
    const first = wanting(t, cache);
    t.is(await first.says(), 'begun');
    const second = wanting(t, cache);
    t.is(await second.says(), 'wait');
    first.child.stdin.write('go\n');
    const made = await first.says();
    t.regex(made, /^done/);
    t.is(await second.says(), made);
    t.deepEqual(readdirSync(join(cache, 'templates')), ['shared']);
  },
);

test.serial('a template whose builder is killed -9 is built by the one that waits', async t => {
  const cache = ownCache(t);
  const first = wanting(t, cache);
  t.is(await first.says(), 'begun');
  const second = wanting(t, cache);
  t.is(await second.says(), 'wait');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  // The kernel frees the lock a moment before the dead are seen as such: then the next command removes the half.
  const [next, then] = [await second.says(), 'begun'];
  if (next !== then) {
    t.regex(next, /^remove .*\.work-/);
    t.is(await second.says(), then);
  }
  second.child.stdin.write('go\n');
  t.regex(await second.says(), /^done/);
  process.env['LVSLAB_CACHE'] = cache;
  process.env['LVSLAB_RUNTIME'] = join(cache, 'run');
  await sweepHost();
  t.deepEqual(readdirSync(join(cache, 'templates')), ['shared']);
  t.is(readFileSync(join(cache, 'templates', 'shared', 'ram'), 'utf8'), 'whole');
});

test.serial('one that waits and is killed -9 leaves no process that waits for it', async t => {
  const cache = ownCache(t);
  const first = wanting(t, cache);
  t.is(await first.says(), 'begun');
  const second = wanting(t, cache);
  t.is(await second.says(), 'wait');
  const lock = join(cache, 'templates', 'shared.lock');
  const waiters = (): string[] =>
    readdirSync('/proc').filter(pid => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return line[0] === 'flock' && line.includes(lock);
      } catch {
        return false;
      }
    });
  t.true(await poll(() => (waiters().length === 2 ? true : undefined), {deadline: 10_000}));
  second.child.kill('SIGKILL');
  await once(second.child, 'exit');
  t.true(await poll(() => (waiters().length === 1 ? true : undefined), {deadline: 10_000}));
  first.child.stdin.write('go\n');
  t.regex(await first.says(), /^done/);
});

test.serial('both killed -9: the next command finds nothing but the way free', async t => {
  const cache = ownCache(t);
  const [first, second] = [wanting(t, cache), wanting(t, cache)];
  t.deepEqual((await Promise.all([first.says(), second.says()])).toSorted(), ['begun', 'wait']);
  for (const {child} of [first, second]) child.kill('SIGKILL');
  await Promise.all([first, second].map(({child}) => once(child, 'exit')));
  process.env['LVSLAB_CACHE'] = cache;
  process.env['LVSLAB_RUNTIME'] = join(cache, 'run');
  // The lock is free once its holder has seen the end of its pipe.
  t.true(
    await poll(
      async () => {
        await sweepHost();
        return readdirSync(join(cache, 'templates')).length === 0 ? true : undefined;
      },
      {deadline: 10_000},
    ),
  );
});
