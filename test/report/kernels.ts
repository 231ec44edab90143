import test from 'ava';
import {kernelListReport, type KernelRows} from '../../src/report/kernels.ts';

const list: KernelRows = {
  series: [
    {series: '6.1', suites: ['bookworm'], offered: ['6.1.0-47', '6.1.0-56'], pulled: ['6.1.0-56']},
    {series: '7.3', suites: ['trixie-backports'], offered: ['7.3.4'], pulled: []},
  ],
  unreachable: [],
  own: [{release: '7.4.0-rc1', from: '/src/li\u001bnux'}],
};

test('each series has a row with the newest release, and own kernels come last', t => {
  t.is(
    kernelListReport(list),
    `series  newest offered  offered  pulled    suites
6.1     6.1.0-56        2        6.1.0-56  bookworm
7.3     7.3.4           1        -         trixie-backports
own     7.4.0-rc1  /src/li\\x1bnux
`,
  );
});

test('offline only what is pulled is shown, and it says so', t => {
  const unreachable = ['bookworm', 'trixie-backports'].map(suite => ({suite, error: 'E: no way'}));
  const series = list.series.map(row => ({...row, offered: []}));
  t.is(
    kernelListReport({series, unreachable, own: []}),
    `series  newest offered  offered  pulled    suites
6.1     -               -        6.1.0-56  bookworm
offline: Debian's suites could not be asked, this is what is pulled
  E: no way
`,
  );
});

test('a suite that cannot be asked hides no other', t => {
  const unreachable = [{suite: 'bookworm', error: 'E: 404'}];
  t.regex(
    kernelListReport({...list, unreachable}),
    /7\.3 +7\.3\.4[^]*bookworm could not be asked\n {2}E: 404\n$/,
  );
});
