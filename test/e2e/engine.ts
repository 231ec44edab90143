import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import test from 'ava';
import {connectEngineOf} from '../../src/host/engine.ts';
import {inspect} from '../../src/nodes/remove.ts';
import {bin, lvslab, runLabs} from './support/cli.ts';

// The guest's own engine serves as a user's engine whose kernel has ip_vs.
const runtime = mkdtempSync(join(tmpdir(), 'lvslab-engine-'));
const guest = {LVSLAB_RUNTIME: runtime};
let engine: Record<string, string> = {};

test.before(async t => {
  t.timeout(300_000);
  const up = await lvslab(['host', 'up'], guest);
  t.is(up.exitCode, 0, up.stderr);
  const address = /DOCKER_HOST=(unix:\S+)/.exec(up.stdout)?.[1];
  if (address === undefined) throw new Error(`no DOCKER_HOST in:\n${up.stdout}`);
  engine = {...guest, DOCKER_HOST: address};
});

test.after.always(async () => {
  await lvslab(['host', 'down'], guest);
  rmSync(runtime, {recursive: true, force: true});
});

test.serial('the four modes pass on an engine whose kernel has ip_vs', async t => {
  const {report, exitCode, stderr} = await runLabs(['modes', '--host', 'engine'], engine);
  t.is(exitCode, 0, stderr);
  t.is(report.host.kind, 'engine');
  t.deepEqual(
    report.labs.map(({verdict}) => verdict),
    ['PASS', 'PASS', 'PASS', 'PASS', 'PASS'],
  );
  t.deepEqual(await deployed(), []);
});

test.serial('a run killed -9 leaves no container and no network on the engine', async t => {
  const child = spawn(process.execPath, [bin, 'run', 'modes/dr', '--host', 'engine'], {
    env: {...process.env, ...engine},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({input: child.stderr}))
    if (/starting captures/.test(line)) break;
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await lvslab(['labs'], engine);
  t.is(next.exitCode, 0, next.stderr);
  t.deepEqual(await deployed(), []);
});

test.serial('a topology is deployed, entered, inspected and destroyed', async t => {
  const up = await lvslab(['deploy', 'one-lan'], guest);
  t.is(up.exitCode, 0, up.stderr);
  const again = await lvslab(['deploy', 'one-lan'], guest);
  t.regex(again.stdout, /deployed already/);
  const ping = await lvslab(
    ['exec', 'client', '--', 'ping', '-c', '1', '-W', '5', '198.51.100.2'],
    guest,
  );
  t.is(ping.exitCode, 0, ping.stdout + ping.stderr);
  const failing = await lvslab(['exec', 'one-lan/rs1', '--', 'sh', '-c', 'exit 7'], guest);
  t.is(failing.exitCode, 7);
  const unknown = await lvslab(['exec', 'clent', '--', 'true'], guest);
  t.is(unknown.exitCode, 2);
  t.regex(unknown.stderr, /clent/);
  const inspected = await lvslab(['inspect', '--format', 'json'], guest);
  t.regex(inspected.stdout, /"topology": "one-lan"/);
  const capture = await lvslab(['capture', 'client', 'eth9', '-w', '-'], guest);
  t.not(capture.exitCode, 0);
  const down = await lvslab(['destroy', 'one-lan'], guest);
  t.is(down.exitCode, 0, down.stderr);
  t.deepEqual(await deployed(), []);
});

test.serial(
  'on an engine whose kernel has no ip_vs labs are skipped, and the guest is offered',
  async t => {
    t.timeout(300_000);
    const bare = mkdtempSync(join(tmpdir(), 'lvslab-bare-'));
    const env = {LVSLAB_RUNTIME: bare, LVSLAB_KERNEL_ARGS: 'module_blacklist=ip_vs'};
    try {
      const up = await lvslab(['host', 'up'], env);
      t.is(up.exitCode, 0, up.stderr);
      const address = /DOCKER_HOST=(unix:\S+)/.exec(up.stdout)?.[1] ?? '';
      const onIt = {...env, DOCKER_HOST: address};
      const skipped = await runLabs(['modes/dr', '--host', 'engine'], onIt);
      t.is(skipped.exitCode, 4, skipped.stderr);
      t.is(skipped.report.labs[0]?.verdict, 'SKIP');
      t.regex(skipped.report.labs[0]?.error ?? '', /no IPVS \(CONFIG_IP_VS,.*--host guest/);
      for (const args of [
        ['run', 'modes/dr', '--host', 'engine', '--missing', 'error'],
        ['deploy', 'one-lan', '--host', 'engine'],
      ]) {
        const {exitCode, stdout, stderr} = await lvslab(args, onIt);
        t.is(exitCode, 2, stderr);
        t.is(stdout, '');
        t.regex(stderr, /no IPVS \(CONFIG_IP_VS,[^]*--host guest/);
      }
      const inspected = await lvslab(['inspect', '--host', 'engine'], onIt);
      t.is(inspected.stdout, 'nothing is deployed');
    } finally {
      await lvslab(['host', 'down'], env);
      rmSync(bare, {recursive: true, force: true});
    }
  },
);

test.serial('an engine that is not there is an error with a way out', async t => {
  const {exitCode, stderr} = await lvslab(['run', 'modes/dr', '--host', 'engine'], {
    ...guest,
    DOCKER_HOST: `unix://${runtime}/none.sock`,
  });
  t.is(exitCode, 2, stderr);
  t.regex(stderr, /--host guest/);
});

async function deployed(): Promise<readonly unknown[]> {
  const client = connectEngineOf(engine);
  try {
    return await inspect(client.engine);
  } finally {
    client.close();
  }
}
