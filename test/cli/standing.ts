import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {bzImage} from '../host/image/support/bzimage.ts';
import {call, home} from './support/call.ts';

for (const args of [
  ['inspect'],
  ['exec', 'director', '--', 'true'],
  ['shell', 'director'],
  ['capture', 'director'],
  ['destroy', '--all'],
])
  test.serial(`${args.join(' ')} without a lab host says how one is started`, async t => {
    const {exitCode, stdout, stderr} = await call(args);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.deepEqual(stderr.split('\n'), [
      'no lab host is up, so nothing is deployed',
      '  next   lvslab deploy TOPOLOGY starts one, lvslab host up too',
    ]);
  });

test.serial('a lab host that is down is no error to ask for, or to stop', async t => {
  const status = await call(['host', 'status', '--format', 'json']);
  t.is(status.exitCode, 0);
  t.deepEqual(JSON.parse(status.stdout), {state: 'down'});
  const down = await call(['host', 'down']);
  t.is(down.exitCode, 0);
  t.is(down.stdout, 'no lab host is up');
});

for (const args of [
  ['host', 'up'],
  ['deploy', 'one-lan'],
])
  test.serial(
    `${args.join(' ')} looks for the modules of an own kernel where --modules says`,
    async t => {
      mkdirSync(home, {recursive: true});
      const kernel = join(home, 'bzImage');
      writeFileSync(kernel, bzImage('6.99.0 (me@here) #1'));
      const {exitCode, stderr} = await call([...args, '--kernel', kernel, '--modules', home]);
      t.is(exitCode, 2, stderr);
      t.regex(stderr, /^--modules: the modules of kernel 6\.99\.0 are not there$/m);
      t.true(stderr.includes(join(home, 'lib/modules/6.99.0')), stderr);
    },
  );

test.serial('an unknown topology is told before a lab host is started', async t => {
  const {exitCode, stderr} = await call(['deploy', 'routed-lam']);
  t.is(exitCode, 2);
  t.regex(stderr, /unknown topology\n {2}got {4}routed-lam\n[^]*did you mean routed-lan\?/);
});

test.serial('an engine that is not there is told with its address', async t => {
  const socket = `unix://${join(home, 'none.sock')}`;
  const {exitCode, stderr} = await call(['inspect', '--host', 'engine'], {DOCKER_HOST: socket});
  t.is(exitCode, 2);
  t.true(stderr.startsWith(`${socket}: `), stderr);
  t.regex(stderr, /\n {2}next /);
});

test.serial('sweep removes what a killed run left, and says so', async t => {
  const rubbish = join(home, 'run', 'g-dead');
  mkdirSync(rubbish, {recursive: true, mode: 0o700});
  const owner = {pid: 1, startTime: 'never', bootId: 'another'};
  writeFileSync(join(rubbish, 'owner'), JSON.stringify(owner));
  const {exitCode, stdout} = await call(['sweep']);
  t.is(exitCode, 0);
  t.is(stdout, `removed ${rubbish}`);
  t.false(existsSync(rubbish));
});
