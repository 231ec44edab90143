import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {countersScript} from '../../src/nodes/counters.ts';

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

/** Runs the script with an ipvsadm that says each of the listings in turn, the last one for ever. */
async function readings(...listings: readonly string[]): Promise<{said: string; asked: number}> {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-counters-'));
  try {
    const file = join(folder, 'percpu');
    writeFileSync(file, perCpu);
    for (const [i, text] of listings.entries()) writeFileSync(join(folder, String(i + 1)), text);
    writeFileSync(
      join(folder, 'ipvsadm'),
      `#!/bin/sh
cd ${folder}; echo asked >>asked; n=$(grep -c asked asked)
[ "$n" -le ${listings.length} ] || n=${listings.length}
cat "$n"`,
      {mode: 0o755},
    );
    const {stdout} = await execa('sh', ['-c', countersScript(file)], {
      env: {PATH: `${folder}:${process.env['PATH']}`},
    });
    const {stdout: asked} = await execa('cat', [join(folder, 'asked')]);
    return {said: stdout, asked: asked.split('\n').length};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const early = listing('TCP  198.51.100.80:80  1 3 0 150 0', '1 3 0 150 0');
const half = listing('TCP  198.51.100.80:80  2 12 2 600 100', '1 3 0 150 0');
const whole = listing('TCP  198.51.100.80:80  2 12 2 600 100', '2 12 2 600 100');
const marked = listing('FWM  7 IPv6  2 12 2 600 100', '2 12 2 600 100');

test('counters that are summed up are read once', async t => {
  t.deepEqual(await readings(whole), {said: whole, asked: 1});
});

test('counters are read again until services and real servers are summed up', async t => {
  t.deepEqual(await readings(early, half, whole), {said: whole, asked: 3});
});

test('an IPv6 mark is a word of its own', async t => {
  t.deepEqual(await readings(marked), {said: marked, asked: 1});
});

test('without the counters of processors it does not wait', async t => {
  const {stdout} = await execa('sh', ['-c', countersScript('/nowhere')], {
    env: {PATH: '/nowhere'},
    reject: false,
  });
  t.is(stdout, '');
});

test('sums that never come are waited for so long and no longer', async t => {
  const began = performance.now();
  const {said} = await readings(early);
  t.is(said, early);
  const waited = performance.now() - began;
  t.true(waited >= 3900, `${waited}`);
});
