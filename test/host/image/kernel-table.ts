import test from 'ava';
import {
  compareReleases,
  defaultKernel,
  isOfKernel,
  kernelTable,
  packagePattern,
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

test('a release is looked for in the suites of its series', t => {
  t.deepEqual(seriesOf('6.1.0-56').suites, ['bookworm', 'bookworm-security']);
  t.deepEqual(seriesOf('5.10').suites, ['bullseye-security']);
});

test('an unknown series is an input error that lists the known ones', t => {
  const error = t.throws(() => seriesOf('6.2'), {instanceOf: InputError});
  t.true(error?.problems[0]?.valid?.includes('6.1'));
  t.is(error?.problems[0]?.value, '6.2');
});

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

test('a release that Debian dropped is an input error that lists what there is', t => {
  const error = t.throws(() => pickRelease(cloud('6.1.0-56'), '6.1.0-12'), {
    instanceOf: InputError,
  });
  t.deepEqual(error?.problems[0]?.valid, ['6.1.0-56-cloud-amd64']);
});

const matches = test.macro((t, name: string, series: string, expected: boolean) => {
  t.is(new RegExp(packagePattern(series)).test(name), expected);
});
test('the pattern finds a kernel', matches, 'linux-image-6.1.0-56-cloud-amd64', '6.1', true);
test(
  'the pattern takes the point as a point',
  matches,
  'linux-image-6x1.0-56-cloud-amd64',
  '6.1',
  false,
);
test('the pattern skips other flavours', matches, 'linux-image-6.1.0-56-amd64', '6.1', false);
test(
  'the pattern skips debug symbols',
  matches,
  'linux-image-6.1.0-56-cloud-amd64-dbg',
  '6.1',
  false,
);
