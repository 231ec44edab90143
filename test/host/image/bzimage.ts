import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {releaseOfBzImage} from '../../../src/host/image/bzimage.ts';
import {InputError} from '../../../src/problem.ts';
import {bzImage} from './support/bzimage.ts';
import {temporary} from '../../lab/support/temporary.ts';

const release = test.macro((t, bytes: Buffer, expected: string) => {
  const file = join(temporary(t), 'bzImage');
  writeFileSync(file, bytes);
  t.is(releaseOfBzImage(file), expected);
});
test(
  "Debian's version string",
  release,
  bzImage('6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP'),
  '6.1.0-56-cloud-amd64',
);
test(
  'a release candidate with local changes',
  release,
  bzImage('7.3.0-rc2-00012-gabc-dirty (me@here) #7'),
  '7.3.0-rc2-00012-gabc-dirty',
);
test('a version string of the release alone', release, bzImage('6.18.0+'), '6.18.0+');

const refused = test.macro((t, bytes: Buffer, what: RegExp) => {
  const file = join(temporary(t), 'bzImage');
  writeFileSync(file, bytes);
  const error = t.throws(() => releaseOfBzImage(file), {instanceOf: InputError});
  t.regex(error?.message ?? '', what);
  t.is(error?.problems[0]?.where, file);
});
test('an ELF vmlinux', refused, Buffer.from('\u007fELF'.padEnd(4096, '\0')), /not a bzImage/);
test('an empty file', refused, Buffer.alloc(0), /not a bzImage/);
test(
  'a file that ends in its header',
  refused,
  bzImage('6.1.0 x').subarray(0, 0x206),
  /does not name its release/,
);
test('a version string that is no release', refused, bzImage('../../etc x'), /does not name/);
test('a header without a pointer', refused, bzImage('6.1.0 x', 0), /does not name its release/);

test('a file that is not there', t => {
  t.throws(() => releaseOfBzImage('/nonexistent/bzImage'), {
    instanceOf: InputError,
    message: /cannot be read/,
  });
});
