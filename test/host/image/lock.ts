import {once} from 'node:events';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {withLock} from '../../../src/host/image/lock.ts';
import type {Step} from '../../../src/host/image/types.ts';
import {newFolder} from '../../support/folder.ts';

const lock = fileURLToPath(new URL('../../../src/host/image/lock.ts', import.meta.url));
const file = (): string => join(newFolder(), 'a.lock');

/** Another process that takes the lock, says `held`, and keeps it until it is killed or its input ends. */
async function holder(path: string) {
  const other = execa(
    process.execPath,
    [
      '--import=tsx',
      '--input-type=module',
      '-e',
      `import {withLock} from ${JSON.stringify(lock)};
       await withLock(${JSON.stringify(path)}, () => {}, async () => {
         process.stdout.write('held');
         for await (const _ of process.stdin);
       });`,
    ],
    {reject: false},
  );
  await once(other.stdout, 'data');
  return {other}; // in an object: awaiting the process itself would wait for its end
}

test('one waits until the other is done, and says for whom', async t => {
  const path = file();
  const {other} = await holder(path);
  const told: Step[] = [];
  const order: string[] = [];
  const mine = withLock(
    path,
    step => {
      told.push(step);
      order.push('waits');
      other.stdin.end();
    },
    async () => {
      order.push('has it');
    },
  );
  const [result] = await Promise.all([other, mine]);
  t.is(result.exitCode, 0);
  t.deepEqual(order, ['waits', 'has it']);
  t.regex(told[0]?.why ?? '', new RegExp(`process ${other.pid} is building the same`));
});

test('a holder that is killed leaves no lock behind', async t => {
  const path = file();
  const {other} = await holder(path);
  other.kill('SIGKILL');
  await other;
  t.is(
    await withLock(
      path,
      () => {},
      async () => 'mine',
    ),
    'mine',
  );
});

test('a task that fails gives the lock back, and its error', async t => {
  const path = file();
  await t.throwsAsync(
    withLock(
      path,
      () => {},
      () => Promise.reject(new Error('no')),
    ),
    {message: 'no'},
  );
  const told: Step[] = [];
  await withLock(
    path,
    step => told.push(step),
    async () => {},
  );
  t.deepEqual(told, []);
});

test('two of one process exclude each other as well', async t => {
  const path = file();
  let inside = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    inside++;
    most = Math.max(most, inside);
    await new Promise(resolve => setImmediate(resolve));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(path, () => {}, task)));
  t.is(most, 1);
});
