import test from 'ava';
import backupOnly from '../../../labs/sysctls/backup-only.ts';
import estThreads from '../../../labs/sysctls/est-threads.ts';
import ignoreTunneled from '../../../labs/sysctls/ignore-tunneled.ts';
import qlenMax from '../../../labs/sysctls/sync-qlen-max.ts';
import {kernelNode} from '../../../src/lab/kernel-shell.ts';
import {planExchange} from '../../../src/lab/exchange/plan.ts';
import {exchangeOf} from '../../support/exchange-rig.ts';

const directorOf = (lab: typeof backupOnly): string =>
  planExchange(exchangeOf(lab.spec)).scripts.get('director') ?? '';

test('the sync daemon is a master, or the backup that the lab says', t => {
  t.regex(directorOf(qlenMax), /--start-daemon master --mcast-interface 'eth0' --syncid 7/);
  t.regex(directorOf(backupOnly), /--start-daemon backup --mcast-interface 'eth0' --syncid 7/);
});

test("a tunnel's end takes what comes from anywhere, before the lab's own sysctls", t => {
  const script = directorOf(ignoreTunneled);
  t.true(script.includes('ip link set tunl0 up'));
  t.true(script.indexOf('tunl0 up') < script.indexOf('ignore_tunneled'));
  t.false(directorOf(backupOnly).includes('tunl0'));
});

test('the threads of the estimators are asked of the kernel, and told of the node', t => {
  const texts = planExchange(exchangeOf(estThreads.spec)).steps.filter(({kind}) => kind === 'text');
  const asked = texts.flatMap(step => (step.kind === 'text' ? [[step.node, step.asked]] : []));
  t.deepEqual(
    asked.filter(([, by]) => by !== undefined),
    [
      ['director', kernelNode],
      ['director', kernelNode],
    ],
  );
});
