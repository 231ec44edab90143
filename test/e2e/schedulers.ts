import test from 'ava';
import {runLabs} from './support/cli.ts';

test.serial(
  'every scheduler gives connections to the real servers that its model computes',
  async t => {
    t.timeout(900_000);
    const {report, exitCode, stderr} = await runLabs(['schedulers', '--counters']);
    t.is(exitCode, 0, stderr);
    t.true(report.labs.length >= 12);
    for (const lab of report.labs) {
      t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
      for (const counter of lab.counters)
        t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
    }
  },
);
