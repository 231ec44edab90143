import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {cacheFolder, runtimeFolder, stateFolder} from '../../src/own/places.ts';
import {InputError} from '../../src/problem.ts';

const names = [
  'LVSLAB_CACHE',
  'LVSLAB_STATE',
  'LVSLAB_RUNTIME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
];
test.beforeEach(() => {
  for (const name of names) delete process.env[name];
});

function temporary(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-test-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  return folder;
}

const place = test.macro(
  (t, of: () => string, env: Readonly<Record<string, string>>, expected: string) => {
    Object.assign(process.env, env);
    t.is(of(), expected);
  },
);
test.serial(
  'the cache is in the home folder by default',
  place,
  cacheFolder,
  {},
  join(homedir(), '.cache/lvslab'),
);
test.serial(
  'the state is in the home folder by default',
  place,
  stateFolder,
  {},
  join(homedir(), '.local/state/lvslab'),
);
for (const [of, ours, xdg] of [
  [cacheFolder, 'LVSLAB_CACHE', 'XDG_CACHE_HOME'],
  [stateFolder, 'LVSLAB_STATE', 'XDG_STATE_HOME'],
] as const) {
  test.serial(`${xdg} moves the folder`, place, of, {[xdg]: '/x'}, '/x/lvslab');
  test.serial(`${ours} counts more than ${xdg}`, place, of, {[xdg]: '/x', [ours]: '/y'}, '/y');
  test.serial(`an empty ${ours} is none`, place, of, {[xdg]: '/x', [ours]: ''}, '/x/lvslab');
  test.serial(
    `a relative ${ours} is made absolute`,
    place,
    of,
    {[ours]: 'y'},
    join(process.cwd(), 'y'),
  );
  test.serial(`a relative ${xdg} is ignored`, t => {
    process.env[xdg] = 'relative';
    t.true(of().startsWith(homedir()), of());
  });
}

test.serial('the runtime folder is made with mode 0700, with the folders above it', t => {
  const folder = join(temporary(t), 'a', 'b');
  process.env['LVSLAB_RUNTIME'] = folder;
  t.is(runtimeFolder(), folder);
  t.is(statSync(folder).mode & 0o777, 0o700);
  t.is(runtimeFolder(), folder);
});

test.serial('the runtime folder is in XDG_RUNTIME_DIR', t => {
  const folder = temporary(t);
  process.env['XDG_RUNTIME_DIR'] = folder;
  t.is(runtimeFolder(), join(folder, 'lvslab'));
});

const refused = test.macro((t, make: (folder: string) => void, what: RegExp, value: RegExp) => {
  const folder = join(temporary(t), 'runtime');
  make(folder);
  process.env['LVSLAB_RUNTIME'] = folder;
  const error = t.throws(() => runtimeFolder(), {instanceOf: InputError});
  const [problem] = error.problems;
  t.regex(problem?.what ?? '', what);
  t.is(problem?.where, folder);
  t.regex(problem?.value ?? '', value);
  t.regex(problem?.next ?? '', /LVSLAB_RUNTIME/);
});
for (const mode of [0o755, 0o710, 0o701])
  test.serial(
    `a runtime folder of mode 0${mode.toString(8)} is refused`,
    refused,
    folder => {
      mkdirSync(folder);
      chmodSync(folder, mode);
    },
    /nobody else may enter/,
    new RegExp(`mode 0${mode.toString(8)}$`),
  );
test.serial(
  'a runtime folder that is a link is refused, wherever it leads',
  refused,
  folder => {
    mkdirSync(`${folder}-real`, {mode: 0o700});
    symlinkSync(`${folder}-real`, folder);
  },
  /must be a folder of yours/,
  /^no folder/,
);
test.serial(
  'a file in the place of the runtime folder is refused',
  refused,
  folder => writeFileSync(folder, ''),
  /cannot be made/,
  /EEXIST/,
);

test.serial('a path too long for sockets is refused before anything is made', t => {
  const folder = join(temporary(t), 'x'.repeat(70));
  process.env['LVSLAB_RUNTIME'] = folder;
  const error = t.throws(() => runtimeFolder(), {instanceOf: InputError});
  t.regex(error.message, /too long/);
  t.regex(error.message, new RegExp(`got    ${folder.length} bytes\n  valid  at most 70 bytes`));
  t.false(existsSync(folder));
});

test.serial('bytes are counted, not letters', t => {
  const folder = join(temporary(t), 'ü'.repeat(30));
  t.true(folder.length <= 70);
  process.env['LVSLAB_RUNTIME'] = folder;
  t.throws(() => runtimeFolder(), {instanceOf: InputError, message: /too long/});
});
