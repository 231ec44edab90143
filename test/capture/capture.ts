import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {startCaptures} from '../../src/capture/capture.ts';
import {captureFolder} from '../../src/capture/script.ts';
import type {NodeShell} from '../../src/nodes/types.ts';
import {BrokenLabError} from '../../src/problem.ts';
import type {Topology} from '../../src/topology/types.ts';
import {newFolder} from '../support/folder.ts';

/** A tcpdump that behaves by the name of its device. Node takes SIGINT though a shell's background commands ignore it. */
const fakeTcpdump = `#!${process.execPath}
const {writeFileSync} = require('node:fs');
const after = option => process.argv[process.argv.indexOf(option) + 1];
const device = after('-i');
const say = text => writeFileSync(2, text);
if (device === 'gone') {
  say('tcpdump: gone: No such device exists\\n');
  process.exit(1);
}
process.on('SIGINT', () => {
  if (device !== 'mute')
    say('2 packets captured\\n2 packets received by filter\\n1 packet dropped by kernel\\n');
  process.exit(0);
});
setInterval(() => {}, 1000);
if (device !== 'mute') {
  writeFileSync(after('-w'), 'pcap of ' + device + ': 24 bytes and more');
  say('tcpdump: listening on ' + device + ', link-type EN10MB\\n');
}
if (device === 'dies') process.exit(1);
`;

/** A node that is a folder of this machine, with that tcpdump. */
function nodeIn(folder: string): NodeShell {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/tcpdump.cjs'), fakeTcpdump);
  chmodSync(join(folder, 'bin/tcpdump.cjs'), 0o755);
  symlinkSync('tcpdump.cjs', join(folder, 'bin/tcpdump'));
  return {
    node: 'rs1',
    async run(script) {
      const {status, stdout, stderr} = spawnSync(
        'sh',
        ['-c', script.replaceAll(captureFolder, join(folder, 'capture'))],
        {env: {...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`}},
      );
      return {exitCode: status ?? 1, stdout, stderr: stderr.toString()};
    },
    async close() {},
  };
}

const topology: Topology = {
  name: 'one',
  description: '',
  networks: [],
  nodes: [
    {
      name: 'rs1',
      role: 'realServer',
      interfaces: [
        {name: 'eth0', network: 'lan', mac: '02:00:00:00:00:00', address: {}, names: []},
      ],
      routes: [],
      sysctls: {},
      services: [],
    },
  ],
  addresses: [],
};

async function capture(extra: readonly string[], seconds = 10) {
  const shell = nodeIn(newFolder());
  const captures = await startCaptures(new Map([['rs1', shell]]), topology, {
    extra: {rs1: extra},
    seconds,
  });
  return new Map((await captures.stop()).map(captured => [captured.record.interface, captured]));
}

test('each device has a record with what tcpdump said, and its file', async t => {
  const captured = await capture(['tunl0']);
  t.deepEqual([...captured.keys()], ['eth0', 'tunl0']);
  t.deepEqual(captured.get('tunl0')?.record, {
    node: 'rs1',
    interface: 'tunl0',
    file: 'pcap/rs1.tunl0.pcap',
    ready: true,
    flushed: true,
    captured: 2,
    receivedByFilter: 2,
    droppedByKernel: 1,
    droppedByInterface: 0,
  });
  t.is(captured.get('tunl0')?.pcap.toString(), 'pcap of tunl0: 24 bytes and more');
});

test('a device that is not there is neither ready nor flushed, and does not stop the others', async t => {
  const captured = await capture(['gone']);
  t.like(captured.get('gone')?.record, {ready: false, flushed: false, captured: 0});
  t.like(captured.get('eth0')?.record, {ready: true, flushed: true});
  // An empty capture that any reader can read.
  const file = join(newFolder(), 'empty.pcap');
  writeFileSync(file, captured.get('gone')?.pcap ?? '');
  t.is(
    execFileSync('tcpdump', ['-r', file], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}),
    '',
  );
});

test('a tcpdump that never listens is not ready after the time that it has', async t => {
  const captured = await capture(['mute'], 5);
  t.like(captured.get('mute')?.record, {ready: false, flushed: false});
  t.like(captured.get('eth0')?.record, {ready: true, flushed: true});
});

test('a tcpdump that died after it listened is not flushed', async t => {
  const captured = await capture(['dies']);
  t.like(captured.get('dies')?.record, {ready: true, flushed: false});
});

test('a device name is no command', async t => {
  const captured = await capture([`$(touch hacked)'`]);
  t.like(captured.get(`$(touch hacked)'`)?.record, {ready: true, flushed: true});
});

test('a node that cannot start captures breaks the lab', async t => {
  const shell: NodeShell = {
    node: 'rs1',
    run: async () => ({exitCode: 1, stdout: Buffer.alloc(0), stderr: 'no space left'}),
    close: async () => {},
  };
  await t.throwsAsync(startCaptures(new Map([['rs1', shell]]), topology), {
    instanceOf: BrokenLabError,
    message: /"rs1" could not start its captures(.|\n)*no space left/,
  });
});
