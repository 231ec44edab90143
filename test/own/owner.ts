import assert from 'node:assert';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {Writable} from 'node:stream';
import test from 'ava';
import {
  bootId,
  formatOwner,
  isAlive,
  ownerOf,
  parseOwner,
  startTimeOf,
} from '../../src/own/owner.ts';
import {until} from './support/until.ts';

test('this process is an owner that lives', t => {
  const owner = ownerOf();
  t.is(owner.pid, process.pid);
  t.is(owner.bootId, bootId());
  t.regex(owner.startTime, /^\d+$/);
  t.true(isAlive(owner));
});

test('a process that was killed and waited for is dead', async t => {
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill('SIGKILL'));
  const owner = ownerOf(child.pid);
  t.true(isAlive(owner));
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.false(isAlive(owner));
  t.throws(() => ownerOf(owner.pid), {message: `no process ${owner.pid}`});
});

test('a pid that is used again by another process is not its earlier owner', t => {
  const owner = ownerOf();
  t.false(isAlive({...owner, startTime: String(Number(owner.startTime) + 1)}));
});

test('an owner of another boot is dead', t => {
  t.false(isAlive({...ownerOf(), bootId: '00000000-0000-0000-0000-000000000000'}));
});

test('a zombie is dead', async t => {
  // The shell becomes sleep, which knows nothing of its child and never waits for it; the child ends when told to.
  const parent = spawn('sh', ['-c', 'read line <&3 & echo $!; exec sleep 60 3<&-'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  t.teardown(() => parent.kill('SIGKILL'));
  assert(parent.stdout);
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
  t.not(startTimeOf(pid), undefined);
  const end = parent.stdio[3];
  if (end instanceof Writable) end.write('end\n');
  await until(() => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  t.is(startTimeOf(pid), undefined);
});

test('a command name with spaces and parentheses does not shift the start time', async t => {
  const odd = spawn(process.execPath, [
    '-e',
    "process.title = 'a) Z 1 (b'; console.log('named'); setInterval(() => {}, 1e6)",
  ]);
  t.teardown(() => odd.kill('SIGKILL'));
  const named = ownerOf(odd.pid);
  await once(odd.stdout, 'data');
  t.regex(readFileSync(`/proc/${odd.pid}/stat`, 'utf8'), /\(a\) Z 1 \(b\)/);
  t.true(isAlive(named));
});

test('an owner is read back as it was written', t => {
  const owner = ownerOf();
  t.deepEqual(parseOwner(formatOwner(owner)), owner);
  t.notRegex(formatOwner(owner), /\n/);
});

const foreign = test.macro((t, text: string) => {
  t.is(parseOwner(text), undefined);
});
test('an empty text is no owner', foreign, '');
test('a text of somebody else is no owner', foreign, '1234');
test('an object with more in it is no owner', foreign, JSON.stringify({...ownerOf(), more: 1}));
test('an object with less in it is no owner', foreign, '{"pid":1}');
