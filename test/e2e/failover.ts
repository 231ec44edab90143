import test from 'ava';
import {runLabs} from './support/cli.ts';

test.serial(
  'the other director takes over, with connections that were synced, and split brain heals',
  async t => {
    t.timeout(900_000);
    const {report, exitCode, stderr} = await runLabs(['failover', '--counters']);
    t.is(exitCode, 0, stderr);
    t.true(report.labs.length >= 5);
    for (const lab of report.labs) {
      t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
      for (const counter of lab.counters)
        t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
      t.is(lab.outages.length > 0, lab.name !== 'failover/split-brain', lab.name);
      for (const {gapMs, takeoverMs, lost} of lab.outages) {
        t.true(takeoverMs > 0 && (gapMs ?? 0) > 0, lab.name);
        t.true(lost > 0, lab.name);
      }
    }
  },
);
