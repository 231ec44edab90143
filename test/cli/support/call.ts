import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {lvslab, type Call} from '../../e2e/support/cli.ts';

/** A folder for all that the calls of this test file leave. */
export const home = mkdtempSync(join(tmpdir(), 'lvslab-test-'));
test.after.always(() => rmSync(home, {recursive: true}));

/** Calls lvslab with its state, cache and runtime files in `home`. */
export const call = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Call> =>
  lvslab(args, {
    LVSLAB_STATE: join(home, 'state'),
    LVSLAB_CACHE: join(home, 'cache'),
    LVSLAB_RUNTIME: join(home, 'run'),
    NO_COLOR: '1',
    ...env,
  });
