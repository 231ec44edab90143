import test from 'ava';
import {runLabs} from './support/cli.ts';

test.serial(
  'every scheduler gives connections to the real servers that its model computes',
  async t => {
    t.timeout(900_000);
    const {report, exitCode, stderr} = await runLabs(['schedulers', '--counters']);
    t.is(exitCode, 0, stderr);
    t.true(report.labs.length >= 14);
    for (const lab of report.labs) {
      // Debian's kernels have no twos.
      const skips = lab.name === 'schedulers/twos' && lab.verdict === 'SKIP';
      t.true(skips || lab.verdict === 'PASS', `${lab.name} ${lab.verdict}: ${stderr}`);
      for (const counter of lab.counters)
        t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
    }
  },
);
