import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {cacheFolder} from '../../src/own/places.ts';
import {bin, lvslab} from './support/cli.ts';
import {processesOf} from './support/leftovers.ts';

/** Run folders of a test: beside its runtime folder. */
const stateOf = (runtime: string): string => `${runtime}-state`;

function newRuntime(t: ExecutionContext): string {
  const runtime = mkdtempSync(join(tmpdir(), 'lvslab-kill-'));
  t.teardown(() => {
    for (const folder of [runtime, stateOf(runtime)])
      rmSync(folder, {recursive: true, force: true});
  });
  return runtime;
}

/** Starts a run with a runtime folder of its own and kills it -9 as soon as it says this. */
async function killWhen(runtime: string, args: readonly string[], moment: RegExp): Promise<void> {
  const child = spawn(process.execPath, [bin, 'run', ...args], {
    env: {...process.env, LVSLAB_RUNTIME: runtime, LVSLAB_STATE: stateOf(runtime)},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({input: child.stderr})) if (moment.test(line)) break;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const until = async (holds: () => boolean, seconds: number): Promise<boolean> => {
  const end = Date.now() + seconds * 1000;
  while (!holds() && Date.now() < end) await delay(50);
  return holds();
};

const moments: readonly (readonly [string, RegExp])[] = [
  ['the session begins', /lab host/],
  ['the nodes are set up', /setting up/],
  ['captures start', /starting captures/],
  ['requests are sent', /sending requests/],
  ['everything is collected', /collecting/],
];

for (const [moment, pattern] of moments)
  test(`a run killed -9 when ${moment} leaves nothing after the next command`, async t => {
    const runtime = newRuntime(t);
    await killWhen(runtime, ['modes/dr'], pattern);
    const next = await lvslab(['labs'], {
      LVSLAB_RUNTIME: runtime,
      LVSLAB_STATE: stateOf(runtime),
    });
    t.is(next.exitCode, 0, next.stderr);
    const runs = join(stateOf(runtime), 'runs');
    t.deepEqual(existsSync(runs) ? readdirSync(runs) : [], []);
    t.true(
      await until(() => processesOf(runtime).length === 0, 10),
      processesOf(runtime).join('\n'),
    );
    t.true(
      await until(() => readdirSync(runtime).length === 0, 10),
      readdirSync(runtime).join(' '),
    );
    const templates = readdirSync(join(cacheFolder(), 'templates'));
    t.deepEqual(
      templates.filter(name => /half|part|tmp/.test(name)),
      [],
    );
  });

test('the watcher of a run killed -9 cleans up without another command', async t => {
  const runtime = newRuntime(t);
  await killWhen(runtime, ['modes/dr'], /starting captures/);
  t.true(await until(() => processesOf(runtime).length === 0, 30));
  t.true(await until(() => readdirSync(runtime).length === 0, 30), readdirSync(runtime).join(' '));
});
