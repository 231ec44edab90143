import test from 'ava';
import {countAtDirector} from '../support/counters.ts';
import {goodRun} from '../support/good-run.ts';
import {modes, serverPort, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

function counting(mode: Mode, family: 'v4' | 'v6' = 'v4', protocol: 'tcp' | 'udp' = 'tcp'): Rig {
  const rig = goodRun(mode, family, protocol);
  countAtDirector(rig, serverPort(mode));
  return rig;
}
const tableOf = (rig: Rig) => rig.judge().checks.find(({id}) => id === 'table.director');
const edited = (rig: Rig, name: string, change: (text: string) => string): Rig => {
  rig.texts.set(`director ${name}`, change(rig.texts.get(`director ${name}`) ?? ''));
  return rig;
};

test('the tables of good runs agree', t => {
  for (const mode of modes)
    for (const protocol of ['tcp', 'udp'] as const) {
      const check = tableOf(counting(mode, 'v4', protocol));
      t.is(check?.verdict, 'PASS', `${mode} ${JSON.stringify(check?.failures)}`);
    }
  t.is(tableOf(counting('nat', 'v6'))?.verdict, 'PASS');
});

const disagrees = test.macro((t, name: string, from: RegExp, to: string, field: string) => {
  const check = tableOf(edited(counting('dr'), name, text => text.replace(from, to)));
  t.is(check?.verdict, 'FAIL');
  t.true(
    check?.failures.some(one => one.field === field),
    JSON.stringify(check?.failures),
  );
});
const row = /Route {2}1 {6}0 {10}2/;
test('another weight', disagrees, 'ip-vs', row, 'Route  2      0          2', 'table');
test('another method', disagrees, 'ip-vs', row, 'Masq  1      0          2', 'table');
test('a real server less', disagrees, 'ip-vs', /^ {2}-> [\dA-F]{8}:.*\n/m, '', 'table');
test(
  'more connections than entries',
  disagrees,
  'ip-vs',
  row,
  'Route  1      0          3',
  'table.inactive',
);
test(
  'fewer connections than entries',
  disagrees,
  'ipvsadm-Ln',
  row,
  'Route  1      0          1',
  'table.inactive',
);
test(
  'an active connection too many',
  disagrees,
  'ip-vs',
  row,
  'Route  1      1          2',
  'table.active',
);
test(
  'an entry that is still active',
  disagrees,
  'ipvsadm-Lnc',
  /FIN_WAIT/,
  'ESTABLISHED',
  'table.active',
);
test('no table', disagrees, 'ip-vs', /[^]*/, '', 'table');

test('an entry that ended after ipvsadm -Ln was read may be missing', t => {
  const rig = edited(counting('dr'), 'ipvsadm-Ln', text =>
    text.replace(row, 'Route  1      0          3'),
  );
  t.is(tableOf(rig)?.verdict, 'PASS');
});

test('after real servers were taken out only the two tables are compared', t => {
  const rig = edited(counting('dr'), 'ipvsadm-Lnc', text =>
    text.replace(/FIN_WAIT/, 'ESTABLISHED'),
  );
  rig.events.push({
    at: '1',
    node: 'director',
    edit: {kind: 'remove', server: {address: '192.0.2.9', port: 80, forward: 'droute', weight: 1}},
  });
  t.is(tableOf(rig)?.verdict, 'PASS');
  t.is(
    tableOf(edited(rig, 'ip-vs', text => text.replace(row, 'Route  2      0          2')))?.verdict,
    'FAIL',
  );
});
