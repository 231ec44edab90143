import test from 'ava';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {InputError} from '../../src/problem.ts';
import {findTopology, loadTopologyFile, ownTopologies} from '../../src/topology/load.ts';
import {sample, spoil} from './support/sample.ts';
import {fails} from './support/fails.ts';

test(
  'misspelt networks is refused',
  fails,
  [['networks:', 'nettworks:']],
  `
sample.yaml:3:1: unknown key in the topology
  got    nettworks
  valid  name, description, networks, addresses, nodes
  next   did you mean networks?
`,
);

test(
  'several errors is refused',
  fails,
  [
    ['mtu: 1400', 'mtu: big'],
    ['network: outer', 'network: outr'],
    ['role: realServer', 'role: realServr'],
    ['{to: default, via: 198.51.100.1}', '{to: default, via: 198.51.100.300}'],
  ],
  `
sample.yaml:5:56: mtu in network "lan" must be a whole number
  got    big
  valid  a whole number
  next   write a whole number
sample.yaml:12:23: unknown network in node "client", interface eth0
  got    outr
  valid  outer, lan
  next   did you mean outer?
sample.yaml:28:11: unknown role in node "rs1"
  got    realServr
  valid  client, router, director, realServer
  next   did you mean realServer?
sample.yaml:32:28: not an address: via of node "rs1", route 1
  got    198.51.100.300
  next   write an IPv4 or IPv6 address without prefix length
`,
);

const folder = (files: Readonly<Record<string, string>>): string => {
  const path = mkdtempSync(join(tmpdir(), 'lvslab-topology-'));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
};
const folders: string[] = [];
test.after.always(() => folders.forEach(path => rmSync(path, {recursive: true})));

test('a topology is found by its name, in the first folder that has it', t => {
  const first = folder({'sample.yaml': sample});
  const second = folder({'sample.yaml': spoil(sample, 'a client,', 'another client,')});
  t.regex(findTopology('sample', ['no-such-folder', first, second]).description, /^a client/);
  t.regex(findTopology('sample', [second, first]).description, /^another client/);
});

test('an unknown topology is told with the names there are and the nearest', t => {
  const path = folder({'sample.yaml': sample, 'notes.txt': ''});
  const error = t.throws(() => findTopology('smaple', [path, ownTopologies]), {
    instanceOf: InputError,
  });
  t.is(
    error.message,
    'unknown topology\n  got    smaple\n' +
      '  valid  director-pair, director-pair-nat, farm, narrow-path, narrow-remote, one-lan, remote-real-servers, routed-lan, sample, two-arm-nat\n' +
      '  next   did you mean sample?',
  );
});

test('a path is not a name', t => {
  t.throws(() => findTopology('../topologies/one-lan', [ownTopologies]), {
    instanceOf: InputError,
    message: /^unknown topology/,
  });
});

test('a topology is called as its file', t => {
  const path = join(folder({'other.yaml': sample}), 'other.yaml');
  const error = t.throws(() => loadTopologyFile(path), {instanceOf: InputError});
  t.is(
    error.message,
    `${path}:1:7: the topology is not called as its file\n  got    sample\n  valid  other\n  next   rename one of them`,
  );
});

test('a file that is not there is told by its path', t => {
  const error = t.throws(() => loadTopologyFile('no-such-folder/x.yaml'), {instanceOf: InputError});
  t.is(error.problems[0]?.where, 'no-such-folder/x.yaml');
  t.truthy(error.cause);
});
