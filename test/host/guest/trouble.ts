import test from 'ava';
import {findTrouble} from '../../../src/host/guest/trouble.ts';

const found = test.macro((t, line: string) => {
  t.deepEqual(findTrouble(`quiet\n${line}\nquiet`), [line.trim()]);
});
const ignored = test.macro((t, line: string) => {
  t.deepEqual(findTrouble(`quiet\n${line}\nquiet`), []);
});

test('a BUG', found, 'BUG: kernel NULL pointer dereference, address: 0000000000000008');
test('an oops', found, 'Oops: 0002 [#1] PREEMPT SMP NOPTI');
test(
  'a warning',
  found,
  'WARNING: CPU: 1 PID: 12 at net/netfilter/ipvs/ip_vs_core.c:1234 ip_vs_in+0x1/0x2 [ip_vs]',
);
test('a lockdep splat', found, 'WARNING: possible circular locking dependency detected');
test(
  'a protection fault',
  found,
  'general protection fault, probably for non-canonical address 0xdead: 0000 [#1]',
);
test('a hung task', found, 'INFO: task ipvsadm:345 blocked for more than 120 seconds.');
test(
  'a leaked device',
  found,
  'unregister_netdevice: waiting for lo to become free. Usage count = 2',
);
test('a program out of memory', found, 'Out of memory: Killed process 99 (nginx)');

test(
  'lost time under emulation',
  ignored,
  'watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [swapper/0:1]',
);
test('an RCU stall', ignored, 'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:');
test(
  'a clock source',
  ignored,
  'clocksource: timekeeping watchdog on CPU1: Marking clocksource as unstable',
);
test(
  'what IPVS says at its start',
  ignored,
  'IPVS: Registered protocols (TCP, UDP, SCTP, AH, ESP)',
);

test('what happened before the last restore is not of this guest', t => {
  const log =
    'Oops: old\nlvslab: restored\nOops: older than the second\nlvslab: restored\nfine\nOops: new\n';
  t.deepEqual(findTrouble(log), ['Oops: new']);
});
