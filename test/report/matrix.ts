import test from 'ava';
import {matrixJson, matrixReports, matrixText} from '../../src/report/matrix.ts';
import type {MatrixReport} from '../../src/report/types.ts';
import {broken, failed, passed, reportOf, skipped} from './support/results.ts';

const nat = {...passed, name: 'modes/nat'};
const matrix: MatrixReport = {
  lvslab: '0.1.0',
  kernels: [
    {
      wanted: '6.1',
      report: reportOf('6.1.0-56', passed, nat, skipped),
      labs: [passed, nat, skipped],
    },
    {wanted: '7.3', report: reportOf('7.3.4', failed, nat, skipped), labs: [failed, nat, skipped]},
    {wanted: './linux', report: undefined, labs: [broken, broken, broken]},
  ],
};

test('a row a lab, a column a kernel by its own name, then why', t => {
  t.is(
    matrixText({...matrix, kernels: matrix.kernels.slice(0, 2)}),
    `lvslab 0.1.0

lab        6.1.0-56  7.3.4
modes/dr   PASS      FAIL
modes/nat  PASS      PASS
modes/tun  SKIP      SKIP

SKIP  modes/tun on 6.1.0-56: kernel 6.1.0-56 has no tunnel device tunl0

FAIL  modes/dr on 7.3.4: request, hop 1: client > router: ip.dst expected VIP 198.51.100.80, actual RIP1 198.51.100.21; no oops: kernel log expected no trouble, actual BUG: <bad> & "worse" #1\\x1b[31m, and 2 more; masq, not droute; counter-lab DR1: should have failed, but: PASS
      /runs/1

SKIP  modes/tun on 7.3.4: kernel 6.1.0-56 has no tunnel device tunl0
`,
  );
});

test('as JSON it has the real release of each kernel, and null where none came up', t => {
  const report: unknown = JSON.parse(matrixJson(matrix));
  t.like(report, {
    lvslab: '0.1.0',
    kernels: [
      {wanted: '6.1', release: '6.1.0-56'},
      {wanted: '7.3', release: '7.3.4'},
      {wanted: './linux', release: null},
    ],
    labs: [
      {
        name: 'modes/dr',
        verdicts: [
          {kernel: '6.1.0-56', verdict: 'PASS', reason: null, seconds: 7.25, run: '/runs/1'},
          {kernel: '7.3.4', verdict: 'FAIL', seconds: 7.25, run: '/runs/1'},
          {
            kernel: null,
            verdict: 'ERROR',
            reason: 'the guest died\n  next   try again',
            seconds: 0,
            run: null,
          },
        ],
      },
      {name: 'modes/nat'},
      {name: 'modes/tun'},
    ],
  });
});

test('a counter-lab that was not as expected fails the lab in its cell', t => {
  const counters = failed.counters;
  const lab = {...passed, counters};
  const text = matrixText({
    lvslab: '0',
    kernels: [{wanted: '6.1', report: undefined, labs: [lab]}],
  });
  t.regex(text, /modes\/dr +FAIL/);
  t.regex(text, /counter-lab DR1: should have failed, but: PASS/);
});

test('as reports, a kernel of which no guest came up keeps the name that it was given', t => {
  t.deepEqual(
    matrixReports(matrix).map(({kernel, labs}) => [kernel, labs.length]),
    [
      ['6.1.0-56', 3],
      ['7.3.4', 3],
      ['./linux', 3],
    ],
  );
});
