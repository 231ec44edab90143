import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {stalePackages} from '../../src/setup/npm-packages.mjs';
import {newFolder} from '../support/folder.ts';

type Locked = Record<string, {version: string; integrity?: string; optional?: boolean}>;

function clone(wanted: Locked | undefined, present?: Locked | string): string {
  const folder = newFolder();
  const text = (packages: Locked): string => JSON.stringify({packages});
  if (wanted !== undefined) writeFileSync(join(folder, 'package-lock.json'), text(wanted));
  if (present !== undefined) {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(
      join(folder, 'node_modules', '.package-lock.json'),
      typeof present === 'string' ? present : text(present),
    );
  }
  return folder;
}

const a = {version: '1.0.0', integrity: 'sha512-a'};
const root = {'': {version: '0.1.0'}};

const stale = test.macro(
  (
    t,
    wanted: Locked | undefined,
    present: Locked | string | undefined,
    expected: readonly string[] | undefined,
  ) => {
    t.deepEqual(stalePackages(clone(wanted, present)), expected);
  },
);
test('the same packages are fresh', stale, {...root, a}, {a}, []);
test('a fresh clone lacks all', stale, {...root, a}, undefined, ['a']);
test('another version is stale', stale, {a}, {a: {...a, version: '1.0.1'}}, ['a']);
test('other bytes are stale', stale, {a}, {a: {...a, integrity: 'sha512-b'}}, ['a']);
test(
  'an optional package of another platform may be absent',
  stale,
  {a: {...a, optional: true}},
  {},
  [],
);
test('a lock file that is cut short counts as none', stale, {a}, '{"packages": {"a"', ['a']);
test('without package-lock.json nothing can be said', stale, undefined, undefined, undefined);
