import {spawnSync} from 'node:child_process';
import test from 'ava';
import {quote} from '../src/quote.ts';
import {InputError} from '../src/problem.ts';

const survives = test.macro({
  exec(t, text: string) {
    const {stdout} = spawnSync('sh', ['-c', `printf '%s' ${quote(text)}`], {encoding: 'utf8'});
    t.is(stdout, text);
  },
  title: (_, text) => `the shell sees ${JSON.stringify(text)} as it is`,
});
for (const text of [
  '',
  'plain',
  `it's`,
  `''`,
  '$(reboot)',
  '`id`',
  '; rm -rf /',
  '"\\"',
  'two\nlines\n',
  '-e \\n',
  '*',
  'ü€',
])
  test(survives, text);

test('a NUL character, which a shell would drop, is refused', t => {
  t.throws(() => quote('a\0b'), {instanceOf: InputError});
});
