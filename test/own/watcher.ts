import {spawn, type ChildProcessWithoutNullStreams} from 'node:child_process';
import {once} from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {formatOwner, ownerOf, startTimeOf} from '../../src/own/owner.ts';
import {until} from './support/until.ts';

const script = fileURLToPath(new URL('support/watched.ts', import.meta.url));

/** A process with a watcher, and a folder of a dead guest, which a sweep removes. */
async function watched(t: ExecutionContext): Promise<{
  readonly parent: ChildProcessWithoutNullStreams;
  readonly watcher: number;
  readonly rubbish: string;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-test-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  const rubbish = join(folder, 'g-dead');
  mkdirSync(rubbish);
  writeFileSync(join(rubbish, 'owner'), formatOwner({...ownerOf(), startTime: '1'}));
  const parent = spawn(process.execPath, ['--import=tsx', script], {
    env: {...process.env, LVSLAB_RUNTIME: folder, LVSLAB_CACHE: folder},
  });
  t.teardown(() => parent.kill('SIGKILL'));
  const [line] = await once(parent.stdout, 'data');
  const watcher = Number(String(line));
  t.not(startTimeOf(watcher), undefined);
  t.true(existsSync(rubbish));
  return {parent, watcher, rubbish};
}

/** Processes of the watcher's group: it leads one of its own. */
const groupOf = (leader: number): readonly string[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state !== 'Z' && Number(group) === leader;
      } catch {
        return false;
      }
    });

test('a process that is killed with SIGKILL is swept after, and its watcher ends', async t => {
  const {parent, watcher, rubbish} = await watched(t);
  // The shell, and cat which waits: on a busy machine the shell has not started it yet.
  await until(() => groupOf(watcher).length === 2);
  parent.kill('SIGKILL');
  await until(() => !existsSync(rubbish));
  await until(() => groupOf(watcher).length === 0);
  t.pass();
});

test('a watcher does not keep its process from ending', async t => {
  const {parent, watcher, rubbish} = await watched(t);
  parent.stdin.write('end\n');
  const [code] = await once(parent, 'exit');
  t.is(code, 0);
  await until(() => !existsSync(rubbish) && groupOf(watcher).length === 0);
});

test('stop leaves no process, and nothing is swept', async t => {
  const {parent, watcher, rubbish} = await watched(t);
  parent.stdin.write('stop\n');
  await once(parent.stdout, 'data');
  // The pipe is still open: what waits on it must have been ended, not have ended by itself.
  await until(() => groupOf(watcher).length === 0);
  t.is(parent.exitCode, null);
  t.true(existsSync(rubbish));
});
