import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import type {Step} from '../../src/host/image/types.ts';
import {BrokenLabError, InputError} from '../../src/problem.ts';
import {ensurePackages, missingPackages, systemPackages} from '../../src/setup/packages.ts';
import type {System, SystemPackage} from '../../src/setup/packages.ts';
import {newFolder} from '../support/folder.ts';

/** A machine with an apt-get that notes its calls and acts as the shell text says. */
function machine({apt, isRoot = true}: {apt?: string; isRoot?: boolean} = {}) {
  const folder = newFolder();
  const log = join(folder, 'calls');
  const tool: SystemPackage = {
    name: 'tool-package',
    shownBy: {command: 'lvslab-test-tool'},
    why: 'tests need it',
  };
  if (apt !== undefined)
    writeFileSync(join(folder, 'apt-get'), `#!/bin/sh\ncd ${folder}\necho "$*" >>calls\n${apt}\n`, {
      mode: 0o755,
    });
  const told: Step[] = [];
  // /bin only for the shell's own commands where there is an apt-get: the real one must never be found.
  const system: System = {path: apt === undefined ? folder : `${folder}:/bin`, isRoot};
  return {
    tool,
    system,
    told,
    ensure: (...packages: SystemPackage[]) =>
      ensurePackages(packages, step => told.push(step), system),
    put: () => writeFileSync(join(folder, 'lvslab-test-tool'), '', {mode: 0o755}),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

const installs = `case "$*" in
  *--print-uris*) echo "'http://mirror.example/pool/t.deb' t.deb 2500000 SHA256:00" ;;
  *install*) : >lvslab-test-tool; chmod 755 lvslab-test-tool ;;
esac`;

test('nothing is called and nothing told when all is there', async t => {
  const {tool, put, ensure, calls, told} = machine({apt: 'exit 1'});
  put();
  await ensure(tool);
  t.deepEqual(calls(), []);
  t.deepEqual(told, []);
});

test('root gets what is missing, with the reason for each and the size', async t => {
  const {tool, ensure, calls, told} = machine({apt: installs});
  await ensure(tool);
  t.deepEqual(told, [
    {step: 'install tool-package', why: 'tests need it'},
    {step: 'download', why: 'these packages and what they need', size: '3 MB'},
  ]);
  t.deepEqual(calls(), [
    '-q -y --print-uris --no-install-recommends install tool-package',
    '-q install -y --no-install-recommends tool-package',
  ]);
});

test('lists are fetched first when apt has none', async t => {
  const {tool, ensure, calls, told} = machine({
    apt: `case "$*" in *update*) : >lists; exit 0 ;; esac
      [ -e lists ] || { echo "E: Unable to locate package" >&2; exit 100; }
      ${installs}`,
  });
  await ensure(tool);
  t.true(calls().includes('-q update'));
  t.is(told[0]?.step, 'update the package lists');
});

test('an install that fails for old lists is tried again with new ones', async t => {
  const {tool, ensure, calls} = machine({
    apt: `case "$*" in
      *update*) : >lists; exit 0 ;;
      *--print-uris*) ;;
      *install*) [ -e lists ] || { echo "E: 404 Not Found" >&2; exit 100; } ;;
    esac
    ${installs}`,
  });
  await ensure(tool);
  t.deepEqual(calls().slice(1), [
    '-q install -y --no-install-recommends tool-package',
    '-q update',
    '-q install -y --no-install-recommends tool-package',
  ]);
});

test('a user that is not root is told the one command', async t => {
  const {tool, ensure, calls} = machine({apt: installs, isRoot: false});
  const other = {...tool, name: 'other-package', why: 'as well'};
  const error = await t.throwsAsync(ensure(tool, other), {instanceOf: InputError});
  t.is(
    error?.problems[0]?.next,
    'run: sudo apt-get install -y --no-install-recommends tool-package other-package',
  );
  t.is(error?.problems[0]?.value, 'tool-package (tests need it), other-package (as well)');
  t.deepEqual(calls(), []);
});

test('a system without apt is told the list', async t => {
  const {tool, ensure} = machine();
  const error = await t.throwsAsync(ensure(tool), {instanceOf: InputError});
  t.regex(error?.message ?? '', /tool-package \(tests need it\)\n.*no apt-get/);
});

test('a package that apt does not know is named, and those that it knows are not', async t => {
  const {tool, ensure} = machine({
    apt: `case "$*" in *nameless*) echo "E: Unable to locate package nameless" >&2; exit 100 ;; esac`,
  });
  const error = await t.throwsAsync(ensure(tool, {...tool, name: 'nameless'}), {
    instanceOf: InputError,
  });
  t.is(error?.problems[0]?.value, 'nameless');
});

test('an install that leaves the program missing is an error', async t => {
  const {tool, ensure} = machine({apt: 'exit 0'});
  await t.throwsAsync(ensure(tool), {instanceOf: BrokenLabError, message: /still not found/});
});

test('a file that cannot be executed is not a command', t => {
  const {tool, system, put} = machine();
  writeFileSync(join(system.path, 'lvslab-test-tool'), '', {mode: 0o644});
  const executable = missingPackages([tool], system);
  t.deepEqual(executable, [tool]);
  t.notThrows(put);
});

test('labs need no package that only the tests need', t => {
  const names = systemPackages.labs.map(({name}) => name);
  t.false(names.includes('tshark'));
  t.true(systemPackages.tests.length > names.length);
});
