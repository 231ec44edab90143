import test from 'ava';
import {runLabs} from './support/cli.ts';

/** Labs of sysctls that kernels have from 7.1 and 7.2 on: they may be skipped. */
const newer = new Set(['sysctls/conn-lfactor', 'sysctls/svc-lfactor', 'sysctls/conn-max']);

/** A whole group of labs with its counter-labs. */
const group = test.macro(async (t, name: string, atLeast: number) => {
  t.timeout(1_800_000);
  const {report, exitCode, stderr} = await runLabs([name, '--counters']);
  t.is(exitCode, 0, stderr);
  t.true(report.labs.length >= atLeast);
  for (const lab of report.labs) {
    if (newer.has(lab.name) && lab.verdict === 'SKIP') continue;
    t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
    for (const counter of lab.counters)
      t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
  }
});
test.serial('MTU and fragments do what their labs say', group, 'mtu', 16);
test.serial('ICMP errors do what their labs say', group, 'icmp', 2);
test.serial('sysctls do what their labs say', group, 'sysctls', 8);
test.serial('packets that no program sends do what their labs say', group, 'headers', 7);
