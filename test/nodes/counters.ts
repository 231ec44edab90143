import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {counterTexts} from '../../src/nodes/counters.ts';

const listing = (service: string, server: string): string =>
  `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
${service}
  -> 198.51.100.21:80    ${server}`;

const perCpu = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0        1        8        2              1F4               64
  1        1        4        0               64                0
  ~        0        0        0                0                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           9        9        9                9                9
`;

/** What /proc/net/ip_vs_stats says: of the 14 packets of `perCpu` all, or fewer. */
const totals = (
  packets: 14 | 11,
): string => `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       2        ${packets === 14 ? 'C' : '9'}        2              258               64

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        0        0                0                0
`;

/** The files of a kernel in a folder; there need be none. */
const scriptIn = (folder: string): string => {
  const texts = counterTexts('settled', {
    perCpu: join(folder, 'percpu'),
    total: join(folder, 'total'),
    runEstimation: join(folder, 'run_estimation'),
    threads: join(folder, 'threads'),
  });
  return `${texts['ipvsadm-stats']}\n${texts['ipvsadm-stats-state']}`;
};

/** Runs the scripts with an ipvsadm that says each of the listings in turn, the last one for ever, and with files of the kernel. */
async function readings(
  listings: readonly string[],
  files: Readonly<Record<string, string>> = {threads: '0-1'},
): Promise<{said: string; asked: number; seconds: number}> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-counters-'));
  try {
    for (const [name, text] of Object.entries({percpu: perCpu, ...files}))
      writeFileSync(join(folder, name), text);
    for (const [i, text] of listings.entries()) writeFileSync(join(folder, String(i + 1)), text);
    writeFileSync(
      join(folder, 'ipvsadm'),
      `#!/bin/sh
cd ${folder}; echo asked >>asked; n=$(grep -c asked asked)
[ "$n" -le ${listings.length} ] || n=${listings.length}
cat "$n"`,
      {mode: 0o755},
    );
    const {stdout} = await execa('sh', ['-c', scriptIn(folder)], {
      env: {PATH: `${folder}:${process.env['PATH']}`},
    });
    const {stdout: asked} = await execa('cat', [join(folder, 'asked')]);
    return {
      said: stdout,
      asked: asked.split('\n').length,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const early = listing('TCP  198.51.100.80:80  1 3 0 150 0', '1 3 0 150 0');
const half = listing('TCP  198.51.100.80:80  2 12 2 600 100', '1 3 0 150 0');
const whole = listing('TCP  198.51.100.80:80  2 12 2 600 100', '2 12 2 600 100');
const marked = listing('FWM  7 IPv6  2 12 2 600 100', '2 12 2 600 100');

const none = listing('TCP  198.51.100.80:80  0 0 0 0 0', '0 0 0 0 0');

const settles = test.macro(
  async (
    t,
    listings: readonly string[],
    state: 'equal' | 'still' | 'moving',
    readingsWanted: number | undefined,
    [least, most]: readonly [number, number],
  ) => {
    const {said, asked, seconds} = await readings(listings);
    t.is(said, `${listings.at(-1)}\n${state}`);
    if (readingsWanted !== undefined) t.is(asked, readingsWanted);
    t.true(seconds >= least && seconds < most, `${seconds}`);
  },
);
test('counters that are summed up are read once', settles, [whole], 'equal', 1, [0, 2]);
test(
  'counters are read again until services and real servers are summed up',
  settles,
  [early, half, whole],
  'equal',
  3,
  [0.3, 4],
);
test('an IPv6 mark is a word of its own', settles, [marked], 'equal', 1, [0, 2]);
test('sums that are short of it and stay so are all', settles, [early], 'still', undefined, [4, 9]);
test('sums that did not begin are waited for', settles, [none], 'moving', undefined, [14, 25]);

test('a kernel of one pass has summed up all when its total is', async t => {
  const {said, asked} = await readings([early], {total: totals(14)});
  t.is(said, `${early}\nequal`);
  t.is(asked, 1);
});
test('a kernel of one pass whose total is short is asked again', async t => {
  const {said, asked} = await readings([early, half, whole], {total: totals(11)});
  t.is(said, `${whole}\nequal`);
  t.is(asked, 3);
});
test('where kernel threads sum up the total says nothing of the others', async t => {
  const {said, asked} = await readings([early, whole], {total: totals(14), threads: '0-1'});
  t.is(said, `${whole}\nequal`);
  t.is(asked, 2);
});

test('sums that nobody makes are not waited for', async t => {
  const {said, asked, seconds} = await readings([early], {run_estimation: '0\n'});
  t.is(said, `${early}\nstopped`);
  t.is(asked, 1);
  t.true(seconds < 2, `${seconds}`);
});

test('without the counters of processors it does not wait', async t => {
  const {stdout} = await execa('/bin/sh', ['-c', scriptIn('/nowhere')], {
    env: {PATH: '/nowhere'},
  });
  t.is(stdout, '\nunknown');
});

test('to read once is to wait for nothing', t => {
  t.is(counterTexts('once')['ipvsadm-stats-state'], 'echo unknown');
});
