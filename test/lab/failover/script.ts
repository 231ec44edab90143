import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {knowsScript, mastersScript} from '../../../src/lab/failover/script.ts';
import {tooLate} from '../../../src/lab/keepalived-script.ts';
import {newFolder} from '../../support/folder.ts';

/** The exit code of a script where ip(8) and ipvsadm(8) say this. */
async function exitCodeOf(script: string, ip: string, ipvsadm = ''): Promise<number | undefined> {
  const folder = newFolder();
  for (const [name, says] of Object.entries({ip, ipvsadm})) {
    writeFileSync(join(folder, `${name}.says`), says);
    writeFileSync(join(folder, name), `#!/bin/sh\ncat ${folder}/${name}.says\n`, {mode: 0o755});
  }
  const {exitCode} = await execa('sh', ['-c', script], {
    env: {PATH: `${folder}:${process.env['PATH']}`},
    reject: false,
  });
  return exitCode;
}

const addresses = `1: lo    inet 127.0.0.1/8 scope host lo
2: eth0    inet 192.0.2.2/24 scope global eth0
2: eth0    inet 198.51.100.80/32 scope global eth0
2: eth0    inet6 2001:db8::80/128 scope global`;

type Wanted = Parameters<typeof mastersScript>[0];

const waits = test.macro(async (t, wanted: Omit<Wanted, 'node'>, exitCode: number) => {
  const script = mastersScript({node: 'd1', ...wanted}, 1);
  t.is(await exitCodeOf(script, addresses, 'master sync daemon (mcast=eth0, syncid=1)'), exitCode);
});

const none = {held: [], free: [], daemon: undefined};
test(
  'who holds all addresses is master',
  waits,
  {...none, held: ['198.51.100.80', '2001:db8::80']},
  0,
);
test('an address that it lacks is waited for', waits, {...none, held: ['198.51.100.81']}, tooLate);
test(
  'an address that only begins alike is another one',
  waits,
  {...none, held: ['198.51.100.8']},
  tooLate,
);
test(
  'one that it should not have is waited for',
  waits,
  {...none, free: ['198.51.100.80']},
  tooLate,
);
test('one that it does not have is free', waits, {...none, free: ['198.51.100.81']}, 0);
test('its sync daemon must be as well', waits, {...none, daemon: 'backup'}, tooLate);
test('a sync daemon that is so is not waited for', waits, {...none, daemon: 'master'}, 0);

test('a neighbour is known by its MAC', async t => {
  const at = (mac: string): string =>
    knowsScript({
      kind: 'knows',
      node: 'client',
      device: 'eth0',
      address: '198.51.100.80',
      mac,
      seconds: 1,
    });
  const said = '198.51.100.80 dev eth0 lladdr 02:4c:56:01:01:00 REACHABLE';
  t.is(await exitCodeOf(at('02:4c:56:01:01:00'), said), 0);
  t.is(await exitCodeOf(at('02:4c:56:01:02:00'), said), tooLate);
});
