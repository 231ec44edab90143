import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import type {NodeShell} from '../../src/nodes/types.ts';
import {doubtOf, settle} from '../../src/traffic/settle.ts';
import {newFolder} from '../support/folder.ts';

const title =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (state: string, queuesAndTimer = '00000000:00000000 00:00000000') =>
  `   0: 00000000:0050 00000000:0000 ${state} ${queuesAndTimer} 00000000     0        0 1\n`;

const associations =
  ' ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT\n';
const association = (state: string) =>
  `ffff8880 ffff8881 2   1   ${state}  0       12        0        0       0 42 3868 40000\n`;

/** A node whose TCP sockets are in these states, those of IPv6 are not there, and SCTP associations in those. */
function nodeWith(
  states: readonly string[],
  sctp?: readonly string[],
  queuesAndTimer?: string,
): NodeShell {
  const folder = newFolder();
  const [table, assocs] = [join(folder, 'tcp'), join(folder, 'assocs')];
  writeFileSync(table, title + states.map(state => row(state, queuesAndTimer)).join(''));
  if (sctp !== undefined) writeFileSync(assocs, associations + sctp.map(association).join(''));
  return {
    node: 'rs1',
    async run(script) {
      const changed = script
        .replace('/proc/net/tcp /proc/net/tcp6', `${table} ${table}6`)
        .replaceAll('/proc/net/sctp/assocs', assocs);
      const {status, stdout, stderr} = spawnSync('sh', ['-c', changed]);
      return {exitCode: status ?? 1, stdout, stderr: stderr.toString()};
    },
    async close() {},
  };
}

test('listening sockets and those in TIME_WAIT are settled', async t => {
  t.deepEqual(await settle([nodeWith(['0A', '06', '06']), nodeWith([])], {seconds: 0}), []);
});

test('sockets in other states are a doubt that names them', async t => {
  t.deepEqual(await settle([nodeWith(['0A', '01', '03', '03']), nodeWith(['0A'])], {seconds: 0}), [
    'rs1: 3 TCP sockets were still ESTABLISHED, SYN_RECV 0 s after the traffic',
  ]);
});

test('an idle socket is settled where it may be forgotten, one that still has something to do is not', async t => {
  const idle = nodeWith(['01']);
  t.deepEqual(await settle([idle], {seconds: 0, idle: 'settled'}), []);
  t.is((await settle([idle], {seconds: 0})).length, 1);
  const sending = nodeWith(['01'], undefined, '00000010:00000000 01:00000014');
  t.is((await settle([sending], {seconds: 0, idle: 'settled'})).length, 1);
  t.is((await settle([nodeWith(['08'])], {seconds: 0, idle: 'settled'})).length, 1);
});

test('an SCTP association that is left is a doubt that names its state', async t => {
  t.deepEqual(await settle([nodeWith(['0A'], [])], {seconds: 0}), []);
  t.deepEqual(await settle([nodeWith(['0A'], ['3', '7'])], {seconds: 0}), [
    'rs1: 2 SCTP associations were still ESTABLISHED, SHUTDOWN_ACK_SENT 0 s after the traffic',
  ]);
});

test('one socket is a socket, and a state of a later kernel is shown as its number', t => {
  t.is(doubtOf('a', '1F\n', 5), 'a: 1 TCP socket was still 1F 5 s after the traffic');
});
