import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {call, home} from './support/call.ts';

/** Exit code 2, nothing on stdout, and exactly these lines on stderr. */
const refused = test.macro(
  async (
    t,
    args: readonly string[],
    expected: readonly (string | RegExp)[],
    env: Readonly<Record<string, string>> = {},
  ) => {
    const {exitCode, stdout, stderr} = await call(args, env);
    const lines = stderr.split('\n');
    t.is(exitCode, 2, stderr);
    t.is(stdout, '');
    t.is(lines.length, expected.length, stderr);
    for (const [i, line] of expected.entries())
      if (typeof line === 'string') t.is(lines[i], line);
      else t.regex(lines[i] ?? '', line);
  },
);

test.serial(
  'an unknown command',
  refused,
  ['clams'],
  [
    'lvslab: there is no such command',
    '  got    clams',
    /^ {2}valid {2}run, matrix, diff, verify, labs, claims, validate, .*, sweep$/,
    '  next   did you mean "claims"?',
  ],
);
test.serial(
  'an unknown command near none',
  refused,
  ['frobnicate'],
  [
    'lvslab: there is no such command',
    '  got    frobnicate',
    /^ {2}valid {2}run, /,
    '  next   lvslab --help shows how it is called',
  ],
);
test.serial(
  'an unknown command of a command',
  refused,
  ['host', 'upp'],
  [
    'lvslab host: there is no such command',
    '  got    upp',
    '  valid  up, down, status, shell, prune',
    '  next   did you mean "up"?',
  ],
);
test.serial(
  'an unknown flag',
  refused,
  ['labs', '--formt', 'json'],
  [
    'lvslab labs: there is no such option',
    '  got    --formt',
    '  valid  --labs, --topologies, --format, --help',
    '  next   did you mean "--format"?',
  ],
);
test.serial(
  'a bad value of a flag',
  refused,
  ['labs', '--format', 'jsn'],
  [
    '--format or LVSLAB_FORMAT: this value is not valid here',
    '  got    jsn',
    '  valid  table, json',
    '  next   did you mean "json"?',
  ],
);
test.serial(
  'a bad value of a variable',
  refused,
  ['labs'],
  [
    '--format or LVSLAB_FORMAT: this value is not valid here',
    '  got    ""',
    '  valid  table, json',
    '  next   use one of the valid values',
  ],
  {LVSLAB_FORMAT: ''},
);
test.serial(
  'a bad host',
  refused,
  ['run', '--host', 'vm'],
  [/^--host or LVSLAB_HOST: /, '  got    vm', '  valid  guest, engine', /^ {2}next /],
);
for (const jobs of ['0', '-1', '1.5', 'two', '1e3'])
  test.serial(
    `--jobs=${jobs}`,
    refused,
    ['run', `--jobs=${jobs}`],
    [
      '--jobs or LVSLAB_JOBS: this value is not a number that is valid here',
      `  got    ${jobs}`,
      '  valid  a whole number of at least 1',
      '  next   correct it, or leave the option out',
    ],
  );
test.serial(
  'a flag without its value',
  refused,
  ['run', '--jobs'],
  [
    "lvslab run: option '--jobs <n>' argument missing",
    '  next   lvslab run --help shows how it is called',
  ],
);
test.serial(
  'a missing argument',
  refused,
  ['verify'],
  [
    "lvslab verify: missing required argument 'run'",
    '  next   lvslab verify --help shows how it is called',
  ],
);
test.serial(
  'an argument too many',
  refused,
  ['sweep', 'all'],
  [
    'lvslab sweep: too many arguments',
    '  got    all',
    '  next   lvslab sweep --help shows how it is called',
  ],
);
test.serial(
  'an unknown lab to run',
  refused,
  ['run', 'modes/drr'],
  [
    'there is no such lab or group of labs',
    '  got    modes/drr',
    /^  valid  failover, .*modes, .*tunnels, modes\/compare, modes\/dr, modes\/fullnat, modes\/nat, modes\/tun$/,
    '  next   did you mean "modes/dr"?',
  ],
);
test.serial(
  'a labs folder that is not there',
  refused,
  ['labs', '--labs', '/nowhere/at/all'],
  ['/nowhere/at/all: cannot read the labs folder', '  next   check the value of --labs'],
);
test.serial(
  'destroy without saying what',
  refused,
  ['destroy'],
  ['which deployment?', '  next   lvslab destroy TOPOLOGY, or lvslab destroy --all'],
);

test.serial('without a command the help is shown on stderr', async t => {
  const {exitCode, stdout, stderr} = await call([]);
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(stderr, /^Usage: lvslab \[options\] \[command\]/);
});

test.serial(
  'a mistake in a command of git bisect ends the bisection and blames no commit',
  async t => {
    for (const args of [
      ['run', 'modes/nodes', '--bisect'],
      ['run', '--bisect', '--kernel', './nonexistent', 'modes/dr'],
      ['run', '--bisect', '--frmat', 'json'],
    ]) {
      const {exitCode, stderr} = await call(args);
      t.is(exitCode, 128, stderr);
    }
  },
);

test.serial('a matrix without kernels, and a difference of one, say what to give', async t => {
  const {exitCode, stderr} = await call(['matrix', 'modes/dr']);
  t.is(exitCode, 2);
  t.regex(stderr, /^--kernel: which kernels\?\n {2}valid {2}--kernel 5\.10,6\.1,7\.3/);
  const diff = await call(['diff', 'modes/dr', '--kernel', '6.1']);
  t.is(diff.exitCode, 2);
  t.regex(diff.stderr, /two kernels can be compared/);
});

test.serial('an unknown kernel among several is refused before anything is run', async t => {
  const {exitCode, stderr} = await call(['matrix', 'modes/dr', '--kernel', '6.1,6.2']);
  t.is(exitCode, 2);
  t.regex(stderr, /unknown kernel series\n {2}got {4}6\.2\n/);
});

test.serial('help and version that were asked for are on stdout', async t => {
  for (const args of [['--help'], ['run', '--help'], ['--version']]) {
    const {exitCode, stdout, stderr} = await call(args);
    t.is(exitCode, 0, args.join(' '));
    t.is(stderr, '');
    t.regex(stdout, /^(Usage: lvslab|\d+\.\d+\.\d+)/);
  }
});

test.serial("help names each option's variable", async t => {
  const {stdout} = await call(['run', '--help']);
  const names = 'JOBS HOST KERNEL MODULES MISSING BISECT LABS TOPOLOGIES FORMAT COUNTERS';
  for (const name of names.split(' '))
    t.regex(stdout, new RegExp(`env:\\s+LVSLAB_${name}\\)`), name);
  const {stdout: destroy} = await call(['destroy', '--help']);
  t.notRegex(destroy, /LVSLAB_ALL/);
});

test.serial('a runtime folder that cannot be used keeps nobody from listing labs', async t => {
  const file = join(home, 'file');
  mkdirSync(home, {recursive: true});
  writeFileSync(file, '');
  const {exitCode, stdout} = await call(['labs', 'modes/dr'], {LVSLAB_RUNTIME: file});
  t.is(exitCode, 0);
  t.regex(stdout, /modes\/dr/);
});
