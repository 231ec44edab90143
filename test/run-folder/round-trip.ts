import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {openRunFolder} from '../../src/run-folder/read.ts';
import {newRunId, RunWriter} from '../../src/run-folder/write.ts';
import type {CaptureRecord} from '../../src/run-folder/types.ts';
import type {Topology} from '../../src/topology/types.ts';
import {newFolder} from '../support/folder.ts';

const topology: Topology = {
  name: 'small',
  description: 'one network',
  networks: [{name: 'lan', prefix: {v4: '198.51.100.0/24'}, mtu: 1500}],
  nodes: [],
  addresses: [],
};
const capture: CaptureRecord = {
  node: 'director',
  interface: 'eth0',
  file: 'pcap/director.eth0.pcap',
  ready: true,
  flushed: true,
  captured: 1,
  receivedByFilter: 1,
  droppedByKernel: 0,
  droppedByInterface: 0,
};
const ending = {
  lvslab: '0.1.0',
  kernel: '6.1.0',
  host: {kind: 'guest', accelerator: 'tcg', engine: '26.1.5'},
  requests: [
    {
      client: 'client',
      token: 't-1',
      url: 'http://198.51.100.80:80/',
      message: 1,
      answered: true,
      status: 200,
      exitCode: 0,
      answeredBy: 'rs1',
      localAddress: '192.0.2.10',
      localPort: 40000,
    },
  ],
  events: [],
  serving: [{node: 'rs1', up: false, from: '17', to: '19'}],
  doubts: ['rs1: unsure'],
  kernelTrouble: [],
} as const;

async function write() {
  const writer = new RunWriter(newFolder(), 'modes/dr', new Date('2026-11-23T04:05:06.789Z'));
  await writer.capture(capture, Buffer.from('frames'));
  await writer.texts('director', {'ipvsadm-Ln': 'table\n', conntrack: ''});
  for (const command of ['one', 'two'])
    writer.command({node: 'rs1', command, exitCode: 0, stdout: 'a\nb', stderr: ''});
  const record = await writer.finish(topology, {title: 'DR'}, ending);
  return {path: writer.path, record};
}

test('a run is named by its time, lab and six random characters', t => {
  const now = new Date('2026-11-23T04:05:06.789Z');
  t.regex(newRunId('modes/dr', now), /^20261123-040506-modes-dr-[a-z0-9]{6}$/);
  t.not(newRunId('modes/dr', now), newRunId('modes/dr', now));
});

test('what was written is read back', async t => {
  const {path, record} = await write();
  const run = openRunFolder(path);
  t.deepEqual(run.record, record);
  t.deepEqual(run.record.captures, [capture]);
  t.deepEqual(run.topology, topology);
  t.is(run.text('director', 'ipvsadm-Ln'), 'table\n');
  t.is(run.text('director', 'nstat'), '');
  t.is(run.text('nobody', 'ipvsadm-Ln'), '');
  t.is(readFileSync(join(path, capture.file), 'utf8'), 'frames');
  t.deepEqual(JSON.parse(readFileSync(join(path, 'lab.json'), 'utf8')), {title: 'DR'});
});

test('commands are kept in their order with the time since the run began', async t => {
  const {path} = await write();
  const lines = readFileSync(join(path, 'commands.jsonl'), 'utf8').trim().split('\n');
  const commands = lines.map((line): {command: string; at: number} => JSON.parse(line));
  t.deepEqual(
    commands.map(({command}) => command),
    ['one', 'two'],
  );
  t.true(commands.every(({at}) => at >= 0));
});

test('no text outside of the run folder is read', async t => {
  const {path} = await write();
  writeFileSync(join(path, 'secret.txt'), 'secret');
  t.is(openRunFolder(path).text('..', 'secret'), '');
  t.is(openRunFolder(path).text('director', '../../secret'), '');
});

const damage = test.macro({
  async exec(t, spoil: (path: string) => void, what: RegExp) {
    const {path} = await write();
    t.notThrows(() => openRunFolder(path));
    spoil(path);
    const error = t.throws(() => openRunFolder(path), {instanceOf: InputError});
    t.regex(error?.message ?? '', what);
    t.true(error?.problems.every(({next, where}) => next !== undefined && where !== undefined));
  },
  title: (title = '') => `a run folder is refused with the next step: ${title}`,
});
const change = (file: string, from: string, to: string) => (path: string) => {
  const text = readFileSync(join(path, file), 'utf8');
  writeFileSync(join(path, file), text.replace(from, to));
};
test('missing', damage, path => rmSync(path, {recursive: true}), /there is no run folder here/);
test('of a run that did not end', damage, path => rmSync(join(path, 'run.json')), /did not end/);
test(
  'of something else',
  damage,
  path => {
    rmSync(path, {recursive: true});
    mkdirSync(path);
  },
  /not a run folder/,
);
test(
  'cut record',
  damage,
  path => writeFileSync(join(path, 'run.json'), '{"format": 1,'),
  /run\.json of the run folder cannot be read/,
);
test(
  'another format',
  damage,
  change('run.json', '"format": 2', '"format": 3'),
  /cannot read\n {2}got {4}3\n {2}valid {2}2/,
);
test(
  'a number that is none',
  damage,
  change('run.json', '"captured": 1', '"captured": "1"'),
  /captures\.0\.captured/,
);
test('a field too many', damage, change('run.json', '"doubts"', '"douts": 1, "doubts"'), /douts/);
test(
  'a capture outside',
  damage,
  change('run.json', 'pcap/director.eth0.pcap', '../../x.pcap'),
  /not a path of a capture/,
);
test(
  'a capture that is gone',
  damage,
  path => rmSync(join(path, capture.file)),
  /a capture of the run is missing/,
);
test('no topology', damage, path => rmSync(join(path, 'topology.json')), /topology\.json/);
test(
  'a topology that is none',
  damage,
  change('topology.json', '"mtu": 1500', '"mtu": "big"'),
  /networks\.0\.mtu/,
);

test('a folder in which nothing can be made is refused', t => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  t.throws(() => new RunWriter(file, 'x'), {instanceOf: InputError, message: /LVSLAB_STATE/});
  t.false(existsSync(join(file, 'x')));
});
