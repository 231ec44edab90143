import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {contained, run} from '../../../src/host/image/run.ts';
import {startTimeOf} from '../../../src/own/owner.ts';
import {BrokenLabError} from '../../../src/problem.ts';
import {newFolder} from '../../support/folder.ts';

const module = fileURLToPath(new URL('../../../src/host/image/run.ts', import.meta.url));
const asRoot = process.getuid?.() === 0 ? test : test.skip;

test('a command that fails is told by its name, exit code and last words', async t => {
  const error = await t.throwsAsync(run(['sh', '-c', 'echo first; echo last words >&2; exit 7']), {
    instanceOf: BrokenLabError,
  });
  t.is(error?.problems[0]?.what, 'sh failed with exit code 7');
  t.regex(error?.problems[0]?.value ?? '', /last words$/);
});

test('a program that is not there is told as such', async t => {
  const error = await t.throwsAsync(run(['lvslab-no-such-program']), {instanceOf: BrokenLabError});
  t.regex(error?.message ?? '', /lvslab-no-such-program failed\n.*ENOENT/s);
});

asRoot('a contained command that fails is told by its own name', async t => {
  const error = await t.throwsAsync(run(contained(['sh', '-c', 'exit 7'])));
  t.regex(error?.message ?? '', /^sh failed with exit code 7/);
});

asRoot(
  'a contained command that hangs up its process group does not hang up the builder',
  async t => {
    const builder = build(`await run(contained(['sh', '-c', 'kill -HUP 0'])).catch(() => {});
    process.stdout.write('alive');`);
    t.is((await builder.process).stdout, 'alive');
  },
);

asRoot('what is mounted in a container is not seen outside', async t => {
  const folder = newFolder();
  const inside = await run(
    contained([
      'sh',
      '-c',
      'mount -t tmpfs tmpfs "$1" && touch "$1"/seen && ls "$1"',
      'sh',
      folder,
    ]),
  );
  t.is(inside, 'seen');
  t.false(existsSync(join(folder, 'seen')));
});

asRoot('when the builder is killed, what it runs dies with it', async t => {
  const file = join(newFolder(), 'pid');
  const {process: builder} = build(
    `await run(contained(['sh', '-c', 'echo up >"$0"; sleep 1000 & wait', ${JSON.stringify(file)}]));`,
  );
  await poll(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  const children = readFileSync(`/proc/${builder.pid}/task/${builder.pid}/children`, 'utf8');
  const unshare = Number(children.trim().split(' ').at(-1));
  const inside = Number(readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8'));
  t.not(startTimeOf(inside), undefined);
  builder.kill('SIGKILL');
  await builder;
  t.true(await poll(() => startTimeOf(inside) === undefined));
});

/** A process that runs commands, in a process group of its own. */
function build(script: string) {
  const text = `import {contained, run} from ${JSON.stringify(module)};\n${script}`;
  const options = ['--import=tsx', '--input-type=module', '-e', text];
  return {process: execa(process.execPath, options, {reject: false, detached: true})};
}

async function poll(condition: () => boolean): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  while (!condition() && Date.now() < deadline) await delay(20);
  return condition();
}
