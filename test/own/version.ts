import {readFileSync} from 'node:fs';
import test from 'ava';
import {version} from '../../src/own/version.ts';

test('the version is the one of package.json', t => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  t.true(text.includes(`"version": "${version}"`));
  t.regex(version, /^\d+\.\d+\.\d+/);
});
