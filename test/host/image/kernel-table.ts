import test from 'ava';
import {
  compareReleases,
  defaultKernel,
  isOfKernel,
  kernelTable,
  packagePattern,
  parseWanted,
  pickRelease,
  seriesOf,
} from '../../../src/host/image/kernel-table.ts';
import {InputError} from '../../../src/problem.ts';

const belongs = test.macro((t, release: string, wanted: string, expected: boolean) => {
  t.is(isOfKernel(release, wanted), expected);
});
test('a release is of its series', belongs, '6.1.0-56-cloud-amd64', '6.1', true);
test('6.12 is not of 6.1', belongs, '6.12.117+deb13-cloud-amd64', '6.1', false);
test('a release is named without its flavour', belongs, '6.1.0-56-cloud-amd64', '6.1.0-56', true);
test('6.1.0-56 is not 6.1.0-5', belongs, '6.1.0-56-cloud-amd64', '6.1.0-5', false);
test('a release with a suffix', belongs, '7.3.4+deb13-cloud-amd64', '7.3.4', true);

test('the default kernel is in the table', t => {
  t.true(kernelTable.some(({series}) => series === defaultKernel));
});

const wants = test.macro((t, wanted: string, version: string, suites: readonly string[]) => {
  t.like(parseWanted(wanted), {version, suites});
});
test('a release is looked for in the suites of its series', wants, '6.1.0-56', '6.1.0-56', [
  'bookworm',
  'bookworm-security',
]);
test('a series', wants, '5.10', '5.10', ['bullseye-security']);
test('a suite stands for its newest series', wants, 'trixie-backports', '7.3', [
  'trixie-backports',
]);
test('an old suite stands for its own series', wants, 'bullseye-security', '5.10', [
  'bullseye-security',
]);
test(
  'a series that came after the table is looked for where new ones come',
  wants,
  '7.12',
  '7.12',
  ['trixie-backports'],
);

const unknown = test.macro((t, wanted: string) => {
  const error = t.throws(() => parseWanted(wanted), {instanceOf: InputError});
  t.true(error?.problems[0]?.valid?.includes('6.1'));
  t.true(error?.problems[0]?.valid?.includes('bullseye-security'));
  t.is(error?.problems[0]?.value, wanted);
});
test('an unknown series is an input error that lists the known ones', unknown, '6.2');
test('a major version that is not there yet is unknown', unknown, '66.1');
test('an unknown suite', unknown, 'buster');
test('half a series is none', unknown, '7');

const series = test.macro((t, release: string, expected: string) => {
  t.is(seriesOf(release), expected);
});
test('the series of a release', series, '6.12.117+deb13-cloud-amd64', '6.12');
test('the series of a series', series, '7.3', '7.3');
test('a word has no series', series, 'trixie', '');

const cloud = (...releases: string[]): string[] =>
  releases.map(release => `linux-image-${release}-cloud-amd64`);

test('the newest release is picked by its numbers, not by its letters', t => {
  t.deepEqual(pickRelease(cloud('6.1.0-9', '6.1.0-56', '6.1.0-47'), '6.1'), {
    release: '6.1.0-56-cloud-amd64',
    packages: cloud('6.1.0-56'),
  });
});

test('a rebuilt release comes after the first build of it', t => {
  t.true(compareReleases('6.12.115+deb13-cloud-amd64', '6.12.115+deb13.1-cloud-amd64') < 0);
  t.true(compareReleases('6.12.116+deb13-cloud-amd64', '6.12.115+deb13.1-cloud-amd64') > 0);
});

test('a split kernel brings all its packages', t => {
  const release = '7.3.4+deb13-cloud-amd64';
  const names = ['image', 'binary', 'modules', 'base'].map(part => `linux-${part}-${release}`);
  const others = [...cloud('7.3.3+deb13'), `linux-binary-unsigned-${release}`];
  t.deepEqual(pickRelease([...others, ...names], '7.3'), {release, packages: names.toSorted()});
});

test('a meta package is no release', t => {
  t.throws(() => pickRelease(['linux-image-6.12-cloud-amd64'], '6.12'), {instanceOf: InputError});
});

test('a release that Debian dropped is an input error that lists what there is of the series', t => {
  const error = t.throws(() => pickRelease(cloud('6.1.0-56', '6.12.117+deb13'), '6.1.0-12'), {
    instanceOf: InputError,
  });
  t.deepEqual(error?.problems[0]?.valid, ['6.1.0-56-cloud-amd64']);
});

test('a series that Debian dropped is an input error that lists the newest of each that is there', t => {
  const names = cloud('6.17.8', '6.17.13', '7.3.4');
  const error = t.throws(() => pickRelease(names, '6.16'), {instanceOf: InputError});
  t.deepEqual(error?.problems[0]?.valid, ['6.17.13-cloud-amd64', '7.3.4-cloud-amd64']);
  t.regex(error?.message ?? '', /no kernel of this series any more/);
});

const matches = test.macro((t, name: string, expected: boolean) => {
  t.is(new RegExp(packagePattern).test(name), expected);
});
test('the pattern finds a kernel', matches, 'linux-image-6.1.0-56-cloud-amd64', true);
test('the pattern finds a part of a split kernel', matches, 'linux-base-7.3.4-cloud-amd64', true);
test('the pattern skips other flavours', matches, 'linux-image-6.1.0-56-amd64', false);
test('the pattern skips debug symbols', matches, 'linux-image-6.1.0-56-cloud-amd64-dbg', false);
test('the pattern skips the meta package', matches, 'linux-image-cloud-amd64', false);
