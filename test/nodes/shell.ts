import test from 'ava';
import {openShell} from '../../src/nodes/shell.ts';
import type {NodeShell} from '../../src/nodes/types.ts';
import {BrokenLabError} from '../../src/problem.ts';
import type {CommandRecord} from '../../src/run-folder/types.ts';
import {fakeEngine, type FakeEngine} from './support/fake-engine.ts';

type Log = Omit<CommandRecord, 'at'>[];

async function withShell(
  use: (shell: NodeShell, fake: FakeEngine, log: Log) => Promise<void>,
): Promise<void> {
  const fake = await fakeEngine();
  const log: Log = [];
  try {
    const shell = await openShell(fake.engine.getContainer('node'), 'rs1', line => log.push(line));
    await use(shell, fake, log);
    await shell.close();
  } finally {
    fake.close();
  }
}

test('a script gives its outputs apart and its exit code', t =>
  withShell(async (shell, _, log) => {
    const result = await shell.run('echo out; echo err >&2; exit 7', {label: 'both'});
    t.is(result.stdout.toString(), 'out\n');
    t.is(result.stderr, 'err\n');
    t.is(result.exitCode, 7);
    t.deepEqual(log, [
      {node: 'rs1', command: 'both', exitCode: 7, stdout: 'out\n', stderr: 'err\n'},
    ]);
  }));

test('output is exact: no bytes added or lost, without a last newline, binary, empty, large', t =>
  withShell(async (shell, _, log) => {
    t.is((await shell.run(`printf 'a\\nb'`)).stdout.toString('latin1'), 'a\nb');
    t.is((await shell.run(':')).stdout.length, 0);
    const binary = await shell.run(`printf '\\000\\377\\n\\n'`);
    t.is(binary.stdout.toString('hex'), '00ff0a0a');
    t.is(log.at(-1)?.stdout, '<4 bytes>');
    const large = await shell.run('head -c 3000000 /dev/zero; echo end');
    t.is(large.stdout.length, 3_000_004);
    t.is(large.stdout.subarray(-4).toString(), 'end\n');
    t.is(log.at(-1)?.stdout, '<3000004 bytes>');
  }));

test('a script changes nothing for the next one', t =>
  withShell(async shell => {
    await shell.run('cd /; x=1; set -e; false; echo not here');
    await shell.run('exit 9');
    await shell.run('if then syntax error');
    const {stdout, exitCode} = await shell.run('echo "${x-unset}$#"; false; echo on');
    t.is(stdout.toString(), 'unset0\non\n');
    t.is(exitCode, 0);
  }));

test('a script that cannot be parsed fails with what the shell says', t =>
  withShell(async shell => {
    const {exitCode, stderr} = await shell.run(`echo 'never ended`);
    t.not(exitCode, 0);
    t.not(stderr, '');
  }));

test('no text leaves its quotes: scripts hold any characters', t =>
  withShell(async shell => {
    const script = `printf '%s' "it's \\"quoted\\" \\$(id) \\\`id\\\`"`;
    t.is((await shell.run(script)).stdout.toString(), `it's "quoted" $(id) \`id\``);
    t.is((await shell.run("cat <<'E'\n$HOME ; \" \\\nE")).stdout.toString(), '$HOME ; " \\\n');
  }));

test('a script cannot take the next one from stdin', t =>
  withShell(async shell => {
    const [first, second] = await Promise.all([shell.run('cat; echo 1'), shell.run('echo 2')]);
    t.is(first.stdout.toString(), '1\n');
    t.is(second.stdout.toString(), '2\n');
  }));

test('what a background command writes later is in no other result', t =>
  withShell(async shell => {
    await shell.run(
      '(while [ ! -e /proc/self/nothing ] && [ $((i=i+1)) -lt 5 ]; do echo stray; sleep 0.05; done) &',
    );
    await shell.run('sleep 0.5', {label: 'while it writes'});
    t.is((await shell.run('echo mine')).stdout.toString(), 'mine\n');
  }));

test('a script that passes its timeout is killed with its children, and the shell lives on', t =>
  withShell(async shell => {
    const before = Date.now();
    const result = await shell.run('echo $$; (sleep 61.5 & sleep 61.5); echo no', {timeoutMs: 300});
    t.is(result.exitCode, 124);
    t.true(Date.now() - before < 10_000);
    t.regex(result.stderr, /timed out after 300 ms/);
    t.is((await shell.run('echo alive')).stdout.toString(), 'alive\n');
    t.is(
      (await shell.run(`pgrep -x sleep -f 'sleep 61.5' || echo none`)).stdout.toString(),
      'none\n',
    );
  }));

test('a container that ends breaks the lab: running scripts and later ones, with exit code and last words', t =>
  withShell(async (shell, fake) => {
    fake.state = {Running: true, ExitCode: 137, Error: '', OOMKilled: true};
    const running = shell.run('echo ready; sleep 20');
    setTimeout(() => fake.cut(), 200);
    setTimeout(() => (fake.state = {...fake.state, Running: false}), 500);
    const error = await t.throwsAsync(running, {instanceOf: BrokenLabError});
    t.is(
      error?.message,
      [
        'rs1: the container of node "rs1" ended (out of memory)',
        '  got    exit code 137 | last words',
        '  next   run the lab again; with --keep to look at what is left of it',
      ].join('\n'),
    );
    await t.throwsAsync(shell.run('echo more'), {instanceOf: BrokenLabError});
  }));

test('an engine that goes away breaks the lab', t =>
  withShell(async (shell, fake) => {
    const running = shell.run('sleep 20');
    setTimeout(() => fake.close(), 200);
    await t.throwsAsync(running, {instanceOf: BrokenLabError, message: /no longer answers/});
  }));

test('a container that was removed breaks the lab', t =>
  withShell(async (shell, fake) => {
    fake.answers.set('GET /containers/node/json', {status: 404, body: {message: 'gone'}});
    const running = shell.run('sleep 20');
    setTimeout(() => fake.cut(), 200);
    await t.throwsAsync(running, {instanceOf: BrokenLabError, message: /was removed/});
  }));

test('a closed shell runs nothing', async t => {
  const fake = await fakeEngine();
  t.teardown(() => fake.close());
  const shell = await openShell(fake.engine.getContainer('node'), 'rs1');
  await shell.close();
  await t.throwsAsync(shell.run('echo'), {instanceOf: BrokenLabError, message: /was closed/});
});

test('a shell cannot be opened in a container that is not there', async t => {
  const fake = await fakeEngine();
  t.teardown(() => fake.close());
  fake.answers.set('GET /containers/other/json', {
    status: 404,
    body: {message: 'no such container'},
  });
  await t.throwsAsync(openShell(fake.engine.getContainer('other'), 'rs1'), {
    instanceOf: BrokenLabError,
    message: /node "rs1" was removed/,
  });
});
