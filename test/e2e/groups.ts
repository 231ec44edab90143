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

/** All groups but the modes, which have tests of their own, in one run: groups wait for timers, and another one runs meanwhile. */
const groups = [
  'failover',
  'ftp',
  'headers',
  'icmp',
  'ipv6',
  'keepalived',
  'mtu',
  'protocols',
  'schedulers',
  'sysctls',
  'tunnels',
] as const;
type Group = (typeof groups)[number];

let all: Outcome | undefined;
test.serial.before('all labs with their counter-labs', async t => {
  t.timeout(2_700_000);
  all = await runLabs([...groups, '--counters']);
});

/** The labs of a group, each of which passed with all counter-labs as expected. */
function passed(t: ExecutionContext, group: Group, atLeast: number): Outcome['report']['labs'] {
  if (all === undefined) throw new Error('the labs did not run');
  const {report, exitCode, stderr} = all;
  t.is(exitCode, 0, stderr);
  const labs = report.labs.filter(({name}) => name.startsWith(`${group}/`));
  t.true(labs.length >= atLeast, String(labs.length));
  for (const lab of labs) {
    if (mayBeSkipped.has(lab.name) && lab.verdict === 'SKIP') continue;
    t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
    for (const counter of lab.counters)
      t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
  }
  return labs;
}

const group = test.macro((t, name: Group, atLeast: number) => {
  passed(t, name, atLeast);
});

test('each scheduler chooses as its model computes', group, 'schedulers', 16);
test('UDP, SCTP, persistence and firewall marks', group, 'protocols', 16);
test('FTP through NAT, passive and active', group, 'ftp', 6);
test('the four modes over IPv6', group, 'ipv6', 6);
test('each tunnel', group, 'tunnels', 12);
test('keepalived: the same packets, and health checks', group, 'keepalived', 5);
test('the path MTU', group, 'mtu', 20);
test('ICMP errors', group, 'icmp', 3);
test('sysctls', group, 'sysctls', 32);
test('packets that no program sends', group, 'headers', 12);

test('the other director takes over, with connections that were synced, and split brain heals', t => {
  for (const {name, outages} of passed(t, 'failover', 5)) {
    t.is(outages.length > 0, name !== 'failover/split-brain', name);
    for (const {gapMs, takeoverMs, lost} of outages) {
      t.true(takeoverMs > 0 && (gapMs ?? 0) > 0, name);
      t.true(lost > 0, name);
    }
  }
});
