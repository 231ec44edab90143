import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';

let root: string | undefined;

/** A new folder, gone when the tests of the file have ended. */
export function newFolder(): string {
  root ??= mkdtempSync(join(tmpdir(), 'lvslab-test-'));
  return mkdtempSync(join(root, '-'));
}

test.after.always(() => {
  if (root !== undefined) rmSync(root, {recursive: true, force: true});
});
