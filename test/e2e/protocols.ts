import test from 'ava';
import {runLabs} from './support/cli.ts';

test.serial(
  'UDP, one-packet scheduling, SCTP, persistence and firewall marks do what their labs say',
  async t => {
    t.timeout(900_000);
    const {report, exitCode, stderr} = await runLabs(['protocols', '--counters']);
    t.is(exitCode, 0, stderr);
    t.true(report.labs.length >= 15);
    for (const lab of report.labs) {
      t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
      for (const counter of lab.counters)
        t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
    }
  },
);

test.serial('FTP, passive and active, through NAT does what its labs say', async t => {
  t.timeout(900_000);
  const {report, exitCode, stderr} = await runLabs(['ftp', '--counters']);
  t.is(exitCode, 0, stderr);
  t.is(report.labs.length, 6);
  for (const lab of report.labs) {
    t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
    for (const counter of lab.counters)
      t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
  }
});
