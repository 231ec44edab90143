import type {LabResult, RunReport} from '../../../src/report/types.ts';
import type {Check, Judgement} from '../../../src/verdict/types.ts';

const check = (id: string, title: string, proves: readonly string[] = []): Check => ({
  id,
  title,
  verdict: 'PASS',
  proves,
  judged: 4,
  failures: [],
});

const judgement: Judgement = {
  verdict: 'PASS',
  checks: [
    check('request.1', 'request, hop 1: client > router', ['DR1']),
    check('kernel', 'no oops'),
  ],
  reasons: [],
  claims: [{id: 'DR1', verdict: 'PASS'}],
  diagnoses: [],
  captures: {frames: 40, dropped: 0},
  measured: {nodes: {}},
};

/** A lab that passed, with a claim that only counter-labs show. */
export const passed: LabResult = {
  name: 'modes/dr',
  title: 'DR',
  verdict: 'PASS',
  claims: [
    {id: 'DR1', verdict: 'PASS'},
    {id: 'DR6', verdict: 'SKIP'},
  ],
  judgement,
  counters: [],
  seconds: 7.25,
  run: '/runs/1',
};

const [hop = check('', '')] = judgement.checks;

/** One of which a packet had a wrong address, and whose kernel warned in words that no format takes as they are. */
export const failed: LabResult = {
  ...passed,
  verdict: 'FAIL',
  claims: [{id: 'DR1', verdict: 'FAIL'}],
  judgement: {
    ...judgement,
    verdict: 'FAIL',
    checks: [
      {
        ...hop,
        verdict: 'FAIL',
        failures: [
          {
            field: 'ip.dst',
            expected: 'VIP 198.51.100.80',
            actual: 'RIP1 198.51.100.21',
            place: 'frame 14, director eth1',
            expectedPacket: 'CIP > VIP',
            actualPacket: 'CIP > RIP1',
          },
        ],
      },
      {
        ...check('kernel', 'no oops'),
        verdict: 'FAIL',
        failures: [
          {
            field: 'kernel log',
            expected: 'no trouble',
            actual: 'BUG: <bad> & "worse" #1\u001b[31m',
            place: 'kernel 6.1.0-56',
            expectedPacket: '',
            actualPacket: '',
          },
        ],
        omitted: 2,
      },
    ],
    diagnoses: [{cause: 'forwarding-method', text: 'masq, not droute', evidence: []}],
  },
  counters: [
    {
      claim: 'DR3',
      when: 'behind a router',
      verdict: 'FAIL',
      asExpected: true,
      reason: 'droute cannot cross a router',
    },
    {
      claim: 'DR1',
      when: 'ARP & all',
      verdict: 'PASS',
      asExpected: false,
      reason: 'should have failed, but: PASS',
    },
  ],
};

export const skipped: LabResult = {
  ...passed,
  name: 'modes/tun',
  verdict: 'SKIP',
  claims: [{id: 'TUN1', verdict: 'SKIP'}],
  judgement: undefined,
  error: 'kernel 6.1.0-56 has no tunnel device tunl0',
  seconds: 0,
  run: undefined,
};

export const broken: LabResult = {
  ...skipped,
  name: 'modes/nat',
  verdict: 'ERROR',
  error: 'the guest died\n  next   try again',
};

export const inconclusive: LabResult = {
  ...passed,
  verdict: 'INCONCLUSIVE',
  claims: [{id: 'DR1', verdict: 'INCONCLUSIVE'}],
  judgement: {
    ...judgement,
    verdict: 'INCONCLUSIVE',
    checks: [{...hop, verdict: 'INCONCLUSIVE'}],
    reasons: ['rs1 eth0: 3 packets dropped by kernel'],
  },
};

export const reportOf = (kernel: string, ...labs: LabResult[]): RunReport => ({
  lvslab: '0.1.0',
  kernel,
  host: {kind: 'guest', accelerator: 'tcg'},
  labs,
});
