import test from 'ava';
import {arrange, type SuiteAnswer} from '../../../src/host/image/kernel-list.ts';

const answers: readonly SuiteAnswer[] = [
  {suite: 'bullseye-security', releases: ['5.10.0-45', '6.1.0-0.deb11.52']},
  {suite: 'bookworm', releases: ['6.1.0-50', '6.1.0-47']},
  {suite: 'bookworm-security', releases: ['6.1.0-56', '6.1.0-50', '6.12.117+deb12']},
  {suite: 'trixie', error: '404  Not Found'},
  {suite: 'trixie-backports', releases: ['7.3.4', '7.10.1', '6.16.12']},
];

const row = test.macro(
  (t, series: string, offered: readonly string[], pulled: readonly string[]) => {
    const list = arrange(answers, ['6.1.0-9', '7.4.0', '6.12.100'], []);
    const found = list.series.find(one => one.series === series);
    t.deepEqual(found?.offered, offered);
    t.deepEqual(found?.pulled, pulled);
  },
);
test(
  'a series has the releases of its own suites, once, oldest first',
  row,
  '6.1',
  ['6.1.0-47', '6.1.0-50', '6.1.0-56'],
  ['6.1.0-9'],
);
test('a suite is not asked for the series of others', row, '6.12', [], ['6.12.100']);
test('a series that is new in the backports is offered', row, '7.10', ['7.10.1'], []);
test('a series that is only pulled is told', row, '7.4', [], ['7.4.0']);

test('series come oldest first, and what could not be asked is told', t => {
  const list = arrange(answers, ['7.4.0'], [{release: '7.5.0-rc1', from: '/src/linux'}]);
  t.deepEqual(list.series.map(({series}) => series).slice(-4), ['7.2', '7.3', '7.4', '7.10']);
  t.deepEqual(list.unreachable, [{suite: 'trixie', error: '404  Not Found'}]);
  t.deepEqual(list.own, [{release: '7.5.0-rc1', from: '/src/linux'}]);
});
