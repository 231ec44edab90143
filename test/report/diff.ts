import test from 'ava';
import {diffLines} from '../../src/report/diff-lines.ts';
import {diffJson, diffText, type DiffReport, type LabDiff} from '../../src/report/diff.ts';

const same: LabDiff = {
  name: 'modes/nat',
  verdicts: ['PASS', 'PASS'],
  runs: ['/runs/a', '/runs/b'],
  reason: undefined,
  differences: [],
};
const sysctl = {of: ['director'], what: 'net.ipv4.vs.conn_max', a: undefined, b: '0'};
const path = {
  of: ['connection 1', 'connection 2'],
  what: 'request SYN',
  a: 'client > router\nrouter > director',
  b: 'client > router\nrouter > rs1\u001b',
};
const report = (...labs: LabDiff[]): DiffReport => ({
  lvslab: '0.1.0',
  sides: [
    {wanted: '6.1', release: '6.1.0-56'},
    {wanted: './linux', release: '7.3.0-rc1'},
  ],
  labs,
});

test('what changed is told line by line, and what every lab shows once', t => {
  t.is(
    diffText(
      report(
        {...same, differences: [sysctl]},
        {...same, name: 'modes/dr', differences: [path, sysctl]},
      ),
    ),
    `lvslab 0.1.0
- 6.1.0-56
+ 7.3.0-rc1

different  modes/nat
  and 1 that every lab shows, below

different  modes/dr
  connection 1, connection 2: request SYN
      client > router
    - router > director
    + router > rs1\\x1b
  and 1 that every lab shows, below

every lab
  director: net.ipv4.vs.conn_max
    + 0
`,
  );
});

test('a lab that is the same, and one that cannot be compared', t => {
  const broken = {...same, name: 'modes/dr', reason: 'ERROR: the guest died'};
  t.is(
    diffText(report(same, broken)),
    `lvslab 0.1.0
- 6.1.0-56
+ 7.3.0-rc1

same       modes/nat

unknown    modes/dr
  ERROR: the guest died
`,
  );
});

test('a single lab shows all of its own', t => {
  t.regex(diffText(report({...same, differences: [sysctl]})), /conn_max\n {4}\+ 0\n$/);
});

test('two kernels of one release are told apart by how they were named', t => {
  const sides = [
    {wanted: './old', release: '7.3.0'},
    {wanted: './new', release: '7.3.0'},
  ] as const;
  t.regex(diffText({...report(same), sides}), /\n- \.\/old\n\+ \.\/new\n/);
});

test('as JSON, a side that did not show it is null', t => {
  const parsed: unknown = JSON.parse(diffJson(report({...same, differences: [sysctl]})));
  t.deepEqual(parsed, {
    lvslab: '0.1.0',
    kernels: [
      {wanted: '6.1', release: '6.1.0-56'},
      {wanted: './linux', release: '7.3.0-rc1'},
    ],
    labs: [
      {
        name: 'modes/nat',
        state: 'different',
        reason: null,
        verdicts: ['PASS', 'PASS'],
        runs: ['/runs/a', '/runs/b'],
        differences: [{of: ['director'], what: 'net.ipv4.vs.conn_max', a: null, b: '0'}],
      },
    ],
  });
});

const lines = test.macro((t, a: string, b: string, expected: string) => {
  const found = diffLines([...a], [...b]);
  t.is(found.map(({sign, line}) => `${sign}${line}`).join(''), expected);
});
test('equal lines', lines, 'ab', 'ab', ' a b');
test('a line more', lines, 'ac', 'abc', ' a+b c');
test('a line less', lines, 'abc', 'ac', ' a-b c');
test('a line that moved', lines, 'abc', 'bca', '-a b c+a');
test('nothing against something', lines, '', 'a', '+a');
test('something against nothing', lines, 'a', '', '-a');
