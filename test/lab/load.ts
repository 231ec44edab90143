import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {labFiles, loadLab, loadLabs, ownLabs, selectLabs} from '../../src/lab/load.ts';
import {InputError} from '../../src/problem.ts';
import {ownTopologies} from '../../src/topology/load.ts';
import {labFile} from './support/lab-file.ts';
import {temporary} from './support/temporary.ts';

const none = {labs: [], topologies: []};

test('the labs that come with lvslab load, with names of their places', async t => {
  const labs = await loadLabs([], none);
  const files = readdirSync(ownLabs, {recursive: true, encoding: 'utf8'})
    .filter(file => file.endsWith('.ts'))
    .map(file => file.replace(/\.ts$/, ''));
  t.true(files.length > 40);
  t.deepEqual(
    labs.map(({name}) => name),
    files.toSorted((a, b) => (`${a}.ts` < `${b}.ts` ? -1 : 1)),
  );
  const kinds = new Map(labs.map(({name, kind}) => [name, kind]));
  t.is(kinds.get('modes/dr'), 'lab');
  t.is(kinds.get('modes/compare'), 'comparison');
  t.is(kinds.get('sysctls/sloppy-tcp'), 'exchange');
});

const typed = labFile.replace('requests: 2', 'requests: 2 as number');

test("a user's folder adds labs that import 'lvslab', wherever it is", async t => {
  const folder = temporary(t, {
    'labs/typed.ts': typed,
    'labs/mine/plain.js': labFile,
    'labs/module.mjs': labFile,
    'labs/helped.ts': `import {title} from '../helper.ts';\n${typed.replace("'a lab of a user'", 'title')}`,
    'helper.ts': "export const title: string = 'a lab of a user';",
    'labs/notes.md': '# no lab',
    'labs/types.d.ts': 'export {};',
    'labs/node_modules/other/index.js': 'export default 1;',
  });
  const files = labFiles([join(folder, 'labs')]);
  t.deepEqual([...files.keys()].toSorted(), ['helped', 'mine/plain', 'module', 'typed']);
  for (const [name, file] of files) {
    const lab = await loadLab(name, files);
    t.is(lab.title, 'a lab of a user', name);
    t.is(lab.file, file);
  }
});

test("a lab may stand on a topology of the user's own", async t => {
  const text = readFileSync(join(ownTopologies, 'routed-lan.yaml'), 'utf8');
  const folder = temporary(t, {
    'labs/a.ts': labFile.replace("'routed-lan'", "'my-lan'"),
    'topologies/my-lan.yaml': text.replace('name: routed-lan', 'name: my-lan'),
  });
  const labs = [join(folder, 'labs')];
  const [lab] = await loadLabs(['a'], {labs, topologies: [join(folder, 'topologies')]});
  t.is(lab?.kind === 'lab' ? lab.topology : '', 'my-lan');
  const error = await t.throwsAsync(loadLabs(['a'], {labs, topologies: []}), {
    instanceOf: InputError,
  });
  t.regex(error.message, /there is no such topology[^]*got {4}my-lan[^]*valid .*routed-lan/);
});

test('two files that give one name are refused, and both are named', t => {
  const folder = temporary(t, {'dr.ts': labFile, 'dr.js': labFile});
  const error = t.throws(() => labFiles([folder]), {instanceOf: InputError});
  t.regex(error.message, /two labs have the name "dr"/);
  t.true(error.message.includes(join(folder, 'dr.ts')) && error.message.includes('dr.js'));
});

test("a user's lab of the name of one of ours is refused", async t => {
  const folder = temporary(t, {'modes/dr.ts': labFile});
  const error = await t.throwsAsync(loadLabs([], {labs: [folder], topologies: []}), {
    instanceOf: InputError,
  });
  t.regex(error.message, /two labs have the name "modes\/dr"/);
  t.true(error.message.includes(join(ownLabs, 'modes/dr.ts')));
});

test('a folder that is named twice gives its labs once', t => {
  t.is(labFiles([ownLabs, `${ownLabs}/`]).size, labFiles([ownLabs]).size);
});

test('a labs folder that cannot be read is named', t => {
  const error = t.throws(() => labFiles(['/nowhere/at/all']), {instanceOf: InputError});
  t.deepEqual(error.problems, [
    {
      what: 'cannot read the labs folder',
      where: '/nowhere/at/all',
      next: 'check the value of --labs',
    },
  ]);
});

const names = ['modes/dr', 'modes/nat', 'issues/nat/mtu', 'issues/nat/hairpin', 'mo'];
const selects = test.macro((t, words: readonly string[], expected: readonly string[]) => {
  t.deepEqual(selectLabs(words, names), expected);
});
test('no words stand for all labs', selects, [], names);
test('a word may be a lab', selects, ['modes/dr'], ['modes/dr']);
test(
  'a word may be a group, with or without a slash',
  selects,
  ['modes', 'modes/'],
  ['modes/dr', 'modes/nat'],
);
test(
  'a word may be a group in a group',
  selects,
  ['issues/nat'],
  ['issues/nat/mtu', 'issues/nat/hairpin'],
);
test(
  'a lab that is named twice is there once',
  selects,
  ['modes/dr', 'modes'],
  ['modes/dr', 'modes/nat'],
);
test('a name that begins as a group does not stand for the group', selects, ['mo'], ['mo']);

const unknown = test.macro((t, word: string, next: string, ofGroup: readonly string[] = []) => {
  const error = t.throws(() => selectLabs(['modes/dr', word], names), {instanceOf: InputError});
  t.is(error.problems.length, 1);
  const [problem] = error.problems;
  t.is(problem?.value, word);
  t.is(problem?.next, next);
  t.deepEqual(problem?.valid, ['modes', 'issues', 'issues/nat', ...ofGroup]);
});
test(
  'an unknown lab says which was probably meant',
  unknown,
  'modes/nta',
  'did you mean "modes/nat"?',
  ['modes/dr', 'modes/nat'],
);
test('an unknown group says which was probably meant', unknown, 'issue', 'did you mean "issues"?');
test(
  'a word near nothing says where the labs are listed',
  unknown,
  'keepalived',
  'lvslab labs lists them',
);

test('a comparison of labs that are not there is refused at its place', async t => {
  const file = [
    "import {comparison} from 'lvslab';",
    'export default comparison({',
    "  title: 'two',",
    "  claims: ['C1'],",
    "  of: ['modes/dr', 'modes/tunn'],",
    '});',
  ].join('\n');
  const folder = temporary(t, {'mine.ts': file});
  const error = await t.throwsAsync(loadLabs(['mine'], {labs: [folder], topologies: []}), {
    instanceOf: InputError,
  });
  t.is(error.problems.length, 1);
  t.is(error.problems[0]?.where, `${join(folder, 'mine.ts')}:5:21`);
  t.is(error.problems[0]?.next, 'did you mean "modes/tun"?');
});

test('a lab without real servers of its family is refused when it loads', async t => {
  const folder = temporary(t, {
    'six.ts': labFile
      .replace("topology: 'routed-lan'", "topology: 'four', family: 'v6'")
      .replace("change: {topology: 'remote-real-servers', ", 'change: {'),
    'topologies/four.yaml': [
      'name: four',
      'description: IPv4 only',
      'networks: {outer: {v4: 192.0.2.0/24}, lan: {v4: 198.51.100.0/24}}',
      'addresses: {VIP: {network: lan, v4: 198.51.100.80}}',
      'nodes:',
      '  client: {role: client, interfaces: {eth0: {network: outer, names: [CIP], v4: 192.0.2.10}}}',
      '  router: {role: router, interfaces: {eth0: {network: outer, v4: 192.0.2.1}, eth1: {network: lan, v4: 198.51.100.1}}}',
      '  director: {role: director, interfaces: {eth0: {network: lan, names: [DIP], v4: 198.51.100.2}}}',
      '  rs1: {role: realServer, interfaces: {eth0: {network: lan, names: [RIP1], v4: 198.51.100.21}}}',
      '  rs2: {role: realServer, interfaces: {eth0: {network: lan, names: [RIP2], v4: 198.51.100.22}}}',
    ].join('\n'),
  });
  const files = new Map([['six', join(folder, 'six.ts')]]);
  const error = await t.throwsAsync(loadLab('six', files, [join(folder, 'topologies')]), {
    instanceOf: InputError,
  });
  t.regex(error.message, /six\.ts:\d+:\d+: topology "four" has no IPv6 address[^]*got {4}VIP/);
});
