import test from 'ava';
import {runLabs} from './support/cli.ts';

/** What only newer kernels have (sysctls, from 6.2, 7.1 and 7.2 on) or Debian's do not (twos). */
const mayBeSkipped = new Set([
  'sysctls/conn-lfactor',
  'sysctls/svc-lfactor',
  'sysctls/conn-max',
  'sysctls/est-threads',
  'schedulers/twos',
]);

/** Whole groups of labs with their counter-labs. */
const groups = test.macro(async (t, names: readonly string[], atLeast: number) => {
  t.timeout(1_800_000);
  const {report, exitCode, stderr} = await runLabs([...names, '--counters']);
  t.is(exitCode, 0, stderr);
  t.true(report.labs.length >= atLeast);
  for (const lab of report.labs) {
    if (mayBeSkipped.has(lab.name) && lab.verdict === 'SKIP') continue;
    t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
    for (const counter of lab.counters)
      t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
  }
});

test.serial('each scheduler chooses as its model computes', groups, ['schedulers'], 16);
test.serial('UDP, SCTP, persistence and firewall marks', groups, ['protocols'], 15);
test.serial('FTP through NAT, passive and active', groups, ['ftp'], 6);
test.serial('the four modes over IPv6, and each tunnel', groups, ['ipv6', 'tunnels'], 18);
test.serial('keepalived: the same packets, and health checks', groups, ['keepalived'], 5);
test.serial('the path MTU, ICMP errors and fragments', groups, ['mtu', 'icmp'], 22);
test.serial('sysctls', groups, ['sysctls'], 31);
test.serial('packets that no program sends', groups, ['headers'], 12);
