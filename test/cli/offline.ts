import {mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {runReport} from '../e2e/support/cli.ts';
import {changed, labFile, placeOf} from '../lab/support/lab-file.ts';
import {saveRun} from '../lab/support/saved-run.ts';
import {goodRun} from '../support/good-run.ts';
import {claimIds} from '../../src/lab/claims.ts';
import {labFiles} from '../../src/lab/load.ts';
import {ownTopologies, topologyNames} from '../../src/topology/load.ts';
import {call, home} from './support/call.ts';

const labs = z.array(
  z.strictObject({
    name: z.string(),
    title: z.string(),
    claims: z.array(z.string()),
    topology: z.string().nullable(),
    counters: z.array(z.strictObject({claim: z.string(), when: z.string()})),
  }),
);

test.serial('labs are listed as JSON', async t => {
  const {exitCode, stdout, stderr} = await call(['labs', 'modes', '--format', 'json']);
  t.is(exitCode, 0);
  t.is(stderr, '');
  const rows = labs.parse(JSON.parse(stdout));
  t.deepEqual(
    rows.map(({name, topology, counters}) => [name, topology, counters.length]),
    [
      ['modes/compare', null, 0],
      ['modes/dr', 'routed-lan', 3],
      ['modes/fullnat', 'remote-real-servers', 1],
      ['modes/nat', 'two-arm-nat', 2],
      ['modes/tun', 'remote-real-servers', 2],
    ],
  );
});

test.serial('labs are listed as a table, one a line', async t => {
  const {stdout} = await call(['labs', 'modes/dr', 'modes/nat']);
  const [head, ...rows] = stdout.trimEnd().split('\n');
  t.regex(head ?? '', /^lab +claims +topology +counter-labs +title$/);
  t.is(rows.length, 2);
  t.regex(rows[0] ?? '', /^modes\/dr +DR1 .*routed-lan +3 +DR: /);
});

test.serial("a user's folders are named by flags, several times, or by variables", async t => {
  const folder = join(home, 'mine');
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, name), {recursive: true});
    writeFileSync(join(folder, name, `${name}.ts`), labFile);
  }
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  const names = async (args: string[], env = {}): Promise<string[]> => {
    const {stdout, stderr} = await call(['labs', '--format', 'json', ...args], env);
    t.is(stderr, '');
    return labs.parse(JSON.parse(stdout)).map(({name}) => name);
  };
  t.deepEqual(await names(['--labs', a, '--labs', b, 'a', 'b']), ['a', 'b']);
  t.deepEqual(await names(['--labs', a, 'modes/dr']), ['modes/dr']);
  t.deepEqual(await names(['b'], {LVSLAB_LABS: b}), ['b']);
});

test.serial('claims are listed as JSON, none of them proven before a run', async t => {
  const {exitCode, stdout} = await call(['claims', '--format', 'json']);
  t.is(exitCode, 0);
  const rows = z
    .array(
      z.strictObject({
        id: z.string(),
        text: z.string(),
        labs: z.array(z.string()),
        counters: z.array(z.string()),
        proven: z.boolean(),
      }),
    )
    .parse(JSON.parse(stdout));
  t.is(rows.length, claimIds.length);
  t.true(rows.every(row => row.labs.length > 0 && !row.proven));
});

test.serial('claims as a table say how they are proven', async t => {
  const {stdout} = await call(['claims']);
  t.regex(stdout, /^DR1 +no +modes\/dr +on the way in/m);
  t.regex(stdout, /lvslab run --counters\n?$/);
});

test.serial('what is right is validated line by line', async t => {
  const {exitCode, stdout, stderr} = await call(['validate']);
  t.is(exitCode, 0);
  t.is(stderr, '');
  const files = [...labFiles().keys(), ...topologyNames([ownTopologies])];
  t.is(stdout.split('\n').filter(line => /^ok {2}(lab|topology) /.test(line)).length, files.length);
});

test.serial('a lab that is wrong is told with place, value and next step', async t => {
  const folder = join(home, 'wrong');
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, 'lab.ts'), changed("from: 'client'", "from: 'clint'"));
  const {exitCode, stdout, stderr} = await call(['validate', '--labs', folder, 'lab']);
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.deepEqual(stderr.split('\n'), [
    `${join(folder, 'lab.ts')}:13:25: topology "routed-lan" has no such node here (lab.traffic.from)`,
    '  got    clint',
    '  valid  client',
    '  next   did you mean "client"?',
  ]);
});

test.serial('a topology that is wrong is told with place, value and next step', async t => {
  const file = join(home, 'routed-lan.yaml');
  const text = readFileSync(join(ownTopologies, 'routed-lan.yaml'), 'utf8');
  const bad = text.replace('role: director', 'role: directr');
  writeFileSync(file, bad);
  const {exitCode, stderr} = await call(['validate', file]);
  t.is(exitCode, 2);
  t.true(stderr.startsWith(`${file}:${placeOf(bad, 'directr', 'nodes:')}: `), stderr);
  t.regex(stderr, /got {4}directr\n {2}valid {2}.*director.*\n {2}next {3}.*director/);
});

test.serial('a topology file that is not there is told', async t => {
  const {exitCode, stderr} = await call(['validate', '/nowhere/lan.yaml']);
  t.is(exitCode, 2);
  t.regex(stderr, /^\/nowhere\/lan\.yaml: .*cannot be read\n/);
});

const run = (): Promise<string> => saveRun(goodRun('dr'), join(home, 'runs'));

/** A report for each run, as `lvslab run` gives one. */
const verified = z.array(
  z.object({labs: z.array(z.looseObject(runReport.shape.labs.element.shape))}),
);

test.serial('a good run is judged again as PASS, in both formats', async t => {
  const path = await run();
  const table = await call(['verify', path]);
  t.is(table.exitCode, 0, table.stderr);
  t.regex(table.stdout, /^PASS +modes\/dr /m);
  const json = await call(['verify', path, '--format', 'json']);
  t.is(json.exitCode, 0);
  const [lab] = verified.parse(JSON.parse(json.stdout))[0]?.labs ?? [];
  t.is(lab?.verdict, 'PASS');
  t.is(lab?.run, path);
});

test.serial('a bad run is judged again as FAIL, with exit code 1', async t => {
  const rig = goodRun('dr');
  rig.alter(['rs1 eth0'], rig.find('rs1 eth0', '[S]'), {destination: rig.address('RIP1')});
  const {exitCode, stdout} = await call(['verify', await saveRun(rig, join(home, 'runs'))]);
  t.is(exitCode, 1);
  t.regex(stdout, /^FAIL/m);
});

test.serial(
  'a run with a dropped frame is judged again as INCONCLUSIVE, with exit code 3',
  async t => {
    const rig = goodRun('dr');
    rig.record('director eth0').droppedByKernel = 1;
    const {exitCode, stdout} = await call(['verify', await saveRun(rig, join(home, 'runs'))]);
    t.is(exitCode, 3);
    t.regex(stdout, /INCONCLUSIVE/);
  },
);

test.serial('several runs give the worst exit code', async t => {
  const rig = goodRun('dr');
  rig.record('director eth0').droppedByKernel = 1;
  const runs = [await run(), await saveRun(rig, join(home, 'runs'))];
  const {exitCode} = await call(['verify', ...runs]);
  t.is(exitCode, 3);
  const json = await call(['verify', ...runs, '--format', 'json']);
  t.is(json.exitCode, 3);
  t.deepEqual(
    verified.parse(JSON.parse(json.stdout)).map(one => one.labs.map(({verdict}) => verdict)),
    [['PASS'], ['INCONCLUSIVE']],
  );
});

test.serial('paths of packets are printed when asked for', async t => {
  const {stdout} = await call(['verify', '--paths', await run()]);
  t.regex(stdout, /CIP > VIP/);
});

test.serial(
  'an option without a value may be set by its variable, unless that says no',
  async t => {
    const path = await run();
    for (const value of ['', '0', 'no', 'False', '1']) {
      const {stdout} = await call(['verify', path], {LVSLAB_PATHS: value});
      t.is(/CIP > VIP/.test(stdout), value === '1', value);
    }
  },
);

test.serial('a folder that is not there is told', async t => {
  const {exitCode, stdout, stderr} = await call(['verify', '/nowhere/run']);
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(stderr, /^\/nowhere\/run: there is no run folder here\n {2}next/);
});

const broken = test.macro(async (t, damage: (file: string) => void, expected: RegExp) => {
  const path = await run();
  const file = join(path, 'pcap', 'director.eth0.pcap');
  damage(file);
  const {exitCode, stdout, stderr} = await call(['verify', path]);
  t.is(exitCode, 2, stderr);
  t.is(stdout, '');
  t.true(stderr.startsWith(`${file}: `), stderr);
  t.regex(stderr, expected);
  t.regex(stderr, /\n {2}next {3}/);
  t.notRegex(stderr, /\n +at /, 'no stack');
});
test.serial('an empty capture is told', broken, file => writeFileSync(file, ''), /byte 0|empty/);
test.serial('a truncated capture is told', broken, file => truncateSync(file, 700), /byte \d+/);
test.serial(
  'a capture of garbage is told',
  broken,
  file => writeFileSync(file, Buffer.alloc(5000, 'garbage')),
  /byte 0[^]*valid/,
);
