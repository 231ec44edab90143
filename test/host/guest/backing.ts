import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {backingOf} from '../../../src/host/guest/backing.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvslab-backing-'));
test.after.always(() => rmSync(folder, {recursive: true}));

test("an overlay's backing file is what qemu-img was told", t => {
  const [base = '', overlay = '', alone = ''] = ['a base', 'overlay', 'alone'].map(name =>
    join(folder, name),
  );
  writeFileSync(base, '');
  truncateSync(base, 1_048_576);
  const create = (...args: readonly string[]): unknown =>
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', ...args]);
  create('-F', 'raw', '-b', base, overlay);
  create(alone, '1M');
  t.is(backingOf(overlay), base);
  t.is(backingOf(alone), undefined);
  t.is(backingOf(base), undefined);
});
