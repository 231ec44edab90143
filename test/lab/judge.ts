import {appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {judgeFolder} from '../../src/lab/judge.ts';
import {InputError} from '../../src/problem.ts';
import {goodRun} from '../support/good-run.ts';
import {saveRun} from './support/saved-run.ts';
import {temporary} from './support/temporary.ts';

const modes = ['nat', 'dr', 'ipip', 'gre', 'gue', 'fullnat'] as const;
for (const mode of modes)
  test(`a saved run of ${mode} is judged as the run itself`, async t => {
    const rig = goodRun(mode);
    const {judgement, run, lab} = judgeFolder(await saveRun(rig, temporary(t)));
    t.deepEqual(judgement, rig.judge());
    t.is(judgement.verdict, 'PASS');
    t.is(lab.title, `a run of ${mode}`);
    t.deepEqual(run.topology, rig.topology);
  });

test('a saved run that was bad is judged as bad', async t => {
  const rig = goodRun('dr');
  rig.alter(['rs1 eth0'], rig.find('rs1 eth0', '[S]'), {destination: rig.address('RIP1')});
  t.is(judgeFolder(await saveRun(rig, temporary(t))).judgement.verdict, 'FAIL');
});

const damaged = test.macro(
  async (t: ExecutionContext, damage: (path: string) => void, where: string, what: RegExp) => {
    const path = await saveRun(goodRun('dr'), temporary(t));
    t.is(judgeFolder(path).judgement.verdict, 'PASS');
    damage(path);
    const error = t.throws(() => judgeFolder(path), {instanceOf: InputError});
    const [problem] = error.problems;
    t.is(problem?.where, join(path, where));
    t.regex(error.message, what);
    t.truthy(problem?.next);
  },
);
const lose = (file: string) => (path: string) => rmSync(join(path, file), {recursive: true});
const overwrite = (file: string, text: string) => (path: string) =>
  writeFileSync(join(path, file), text);
const edit = (file: string, from: RegExp, to: string) => (path: string) => {
  const text = readFileSync(join(path, file), 'utf8');
  if (!from.test(text)) throw new Error(`${file} has no ${from}`);
  writeFileSync(join(path, file), text.replace(from, to));
};

test('a folder without its lab', damaged, lose('lab.json'), 'lab.json', /cannot be read[^]*ENOENT/);
test(
  'a lab that is no JSON',
  damaged,
  overwrite('lab.json', '{"title":'),
  'lab.json',
  /cannot be read/,
);
test(
  'a lab that is JSON of something else',
  damaged,
  overwrite('lab.json', '[]'),
  'lab.json',
  /damaged/,
);
test(
  'a lab whose expectation is damaged names the place in it',
  damaged,
  edit('lab.json', /"connections": 4/, '"connections": "four"'),
  'lab.json',
  /damaged[^]*expectation\.connections/,
);
test(
  'a folder without its topology',
  damaged,
  lose('topology.json'),
  'topology.json',
  /cannot be read/,
);
test(
  'a topology that is damaged',
  damaged,
  edit('topology.json', /"role": "director"/, '"role": "balancer"'),
  'topology.json',
  /nodes\.\d+\.role/,
);
test('a record that is no JSON', damaged, overwrite('run.json', ''), 'run.json', /cannot be read/);
test(
  'a record that lacks something',
  damaged,
  edit('run.json', /"kernelTrouble"/, '"other"'),
  'run.json',
  /record is damaged[^]*kernelTrouble/,
);
test(
  'a record of another format',
  damaged,
  edit('run.json', /"format": 2/, '"format": 3'),
  'run.json',
  /cannot read[^]*got {4}3[^]*valid {2}2/,
);
const capture = 'pcap/director.eth0.pcap';
test('a folder without a capture', damaged, lose(capture), capture, /is missing/);
test(
  'a record that names a file outside of the folder',
  damaged,
  edit('run.json', /pcap\/director\.eth0\.pcap/, 'pcap/../../x.pcap'),
  'run.json',
  /not a path of a capture/,
);
test('an empty capture', damaged, overwrite(capture, ''), capture, /pcap|byte/);
test('a capture of garbage', damaged, overwrite(capture, 'x'.repeat(4000)), capture, /byte 0/);
test(
  'a capture that ends within a frame',
  damaged,
  path => {
    const file = join(path, capture);
    truncateSync(file, readFileSync(file).length - 5);
  },
  capture,
  /byte \d+/,
);
test(
  'a capture with something after its last frame',
  damaged,
  path => appendFileSync(join(path, capture), 'more'),
  capture,
  /byte \d+/,
);

test('a folder whose run did not end is none to judge', async t => {
  const path = await saveRun(goodRun('dr'), temporary(t));
  rmSync(join(path, 'run.json'));
  t.throws(() => judgeFolder(path), {instanceOf: InputError, message: /did not end/});
});
