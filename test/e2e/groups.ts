import test, {type ExecutionContext} from 'ava';
import {runLabs} from './support/cli.ts';

type Outcome = Awaited<ReturnType<typeof runLabs>>;

/** What only newer kernels have (sysctls, from 6.2, 7.1 and 7.2 on) or Debian's do not (twos). */
const mayBeSkipped = new Set([
  'sysctls/conn-lfactor',
  'sysctls/svc-lfactor',
  'sysctls/conn-max',
  'sysctls/est-threads',
  'schedulers/twos',
]);

/** Labs of failover wait for timers for most of their time: they run beside all others. */
let failover: Promise<Outcome> | undefined;
test.serial.before('the labs of failover begin', () => {
  failover = runLabs(['failover', '--counters', '--jobs', '1']);
  failover.catch(() => undefined);
});

function allPass(t: ExecutionContext, {report, exitCode, stderr}: Outcome, atLeast: number): void {
  t.is(exitCode, 0, stderr);
  t.true(report.labs.length >= atLeast);
  for (const lab of report.labs) {
    if (mayBeSkipped.has(lab.name) && lab.verdict === 'SKIP') continue;
    t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
    for (const counter of lab.counters)
      t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
  }
}

/** Whole groups of labs with their counter-labs. */
const groups = test.macro(async (t, names: readonly string[], atLeast: number) => {
  t.timeout(1_800_000);
  allPass(t, await runLabs([...names, '--counters']), atLeast);
});

test.serial('each scheduler chooses as its model computes', groups, ['schedulers'], 16);
test.serial('UDP, SCTP, persistence and firewall marks', groups, ['protocols'], 15);
test.serial('FTP through NAT, passive and active', groups, ['ftp'], 6);
test.serial('the four modes over IPv6, and each tunnel', groups, ['ipv6', 'tunnels'], 18);
test.serial('keepalived: the same packets, and health checks', groups, ['keepalived'], 5);
test.serial('the path MTU, ICMP errors and fragments', groups, ['mtu', 'icmp'], 22);
test.serial('sysctls', groups, ['sysctls'], 31);
test.serial('packets that no program sends', groups, ['headers'], 12);

test.serial(
  'the other director takes over, with connections that were synced, and split brain heals',
  async t => {
    t.timeout(900_000);
    const outcome = await failover;
    if (outcome === undefined) return t.fail();
    allPass(t, outcome, 5);
    for (const {name, outages} of outcome.report.labs) {
      t.is(outages.length > 0, name !== 'failover/split-brain', name);
      for (const {gapMs, takeoverMs, lost} of outages) {
        t.true(takeoverMs > 0 && (gapMs ?? 0) > 0, name);
        t.true(lost > 0, name);
      }
    }
  },
);
