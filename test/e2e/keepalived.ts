import test from 'ava';
import {runLabs} from './support/cli.ts';

test.serial(
  'keepalived sets up the same service as ipvsadm, and takes a dead real server out',
  async t => {
    t.timeout(900_000);
    const {report, exitCode, stderr} = await runLabs(['keepalived', '--counters']);
    t.is(exitCode, 0, stderr);
    t.true(report.labs.length >= 5);
    for (const lab of report.labs) {
      t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
      for (const counter of lab.counters)
        t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
    }
  },
);
