import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {loadLabs} from '../../src/lab/load.ts';
import {validate} from '../../src/lab/validate.ts';
import {InputError} from '../../src/problem.ts';
import {ownTopologies, topologyNames} from '../../src/topology/load.ts';
import {changed, labFile} from './support/lab-file.ts';
import {temporary} from './support/temporary.ts';

const none = {labs: [], topologies: []};
const lan = readFileSync(join(ownTopologies, 'routed-lan.yaml'), 'utf8');

test('without words all topologies and labs are checked, those of the user too', async t => {
  const folder = temporary(t, {
    'labs/mine.ts': labFile,
    'topologies/my-lan.yaml': lan.replace('name: routed-lan', 'name: my-lan'),
  });
  const lines = await validate([], {
    labs: [join(folder, 'labs')],
    topologies: [join(folder, 'topologies')],
  });
  const known = [...(await loadLabs([], none)), ...topologyNames([ownTopologies])];
  t.is(lines.length, known.length + 2);
  t.true(lines.every(line => line.startsWith('ok  ')));
  for (const name of ['mine', 'modes/dr', 'modes/compare'])
    t.true(lines.includes(`ok  lab ${name}`));
  t.true(lines.includes(`ok  topology ${join(folder, 'topologies/my-lan.yaml')}`));
});

test('words are files of topologies, labs and groups', async t => {
  const file = join(ownTopologies, 'one-lan.yaml');
  t.deepEqual(await validate([file], none), [`ok  topology ${file}`]);
  t.deepEqual(await validate(['modes/dr'], none), ['ok  lab modes/dr']);
  t.is((await validate(['modes', file], none)).length, 6);
});

test('all that is wrong is told at once, of topologies and labs', async t => {
  const folder = temporary(t, {
    'labs/a.ts': changed("from: 'client'", "from: 'clint'"),
    'labs/b.ts': changed("vip: 'VIP'", "vip: 'VIPP'"),
    'labs/c.ts': labFile,
    'bad.yaml': lan.replace('role: director', 'role: balancer').replace('routed-lan', 'bad'),
  });
  const error = await t.throwsAsync(
    validate([join(folder, 'bad.yaml'), 'a', 'b', 'c', join(folder, 'none.yaml')], {
      labs: [join(folder, 'labs')],
      topologies: [],
    }),
    {instanceOf: InputError},
  );
  const places = error.problems.map(({where}) => where?.replace(/:.*/, ''));
  t.deepEqual(
    [...new Set(places)],
    ['bad.yaml', 'none.yaml', 'labs/a.ts', 'labs/b.ts'].map(name => join(folder, name)),
  );
});

test('an unknown word is told', async t => {
  const error = await t.throwsAsync(validate(['modes/dra'], none), {instanceOf: InputError});
  t.is(error.problems[0]?.next, 'did you mean "modes/dr"?');
});
