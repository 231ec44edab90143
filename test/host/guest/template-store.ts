import {execFileSync} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {
  BrokenTemplateError,
  obtain,
  pruneTemplates,
  replacingBroken,
  templatesFolder,
} from '../../../src/host/guest/template-store.ts';
import type {Template} from '../../../src/host/guest/template-store.ts';
import type {KernelFacts} from '../../../src/host/types.ts';
import {BrokenLabError} from '../../../src/problem.ts';

const kernel: KernelFacts = {
  release: '6.1.0',
  has: ['scheduler-rr', 'ipvs', 'tunl0'],
  sysctls: ['net.ipv4.vs.conntrack'],
};
const quiet = (): void => {};
const asRoot = process.getuid?.() === 0 ? test.serial : test.serial.skip;

test.beforeEach(() => {
  process.env['LVSLAB_CACHE'] = mkdtempSync(join(tmpdir(), 'lvslab-cache-'));
});
test.afterEach.always(() => {
  rmSync(process.env['LVSLAB_CACHE'] ?? '', {recursive: true, force: true});
});

let builds = 0;
const make = (name: string, base?: Template, bytes = 10): Promise<Template> =>
  obtain({name, room: 1000}, quiet, product => {
    builds++;
    for (const file of ['ram', 'state', 'disk.qcow2'])
      writeFileSync(join(product, file), Buffer.alloc(bytes, 1));
    return Promise.resolve(base === undefined ? {kernel} : {kernel, base});
  });
const names = (): string[] =>
  readdirSync(templatesFolder())
    .filter(name => /^[a-z]/.test(name) && !name.endsWith('.lock'))
    .toSorted();
const usedAt = (template: Template, seconds: number): void =>
  utimesSync(join(template.folder, 'manifest.json'), seconds, seconds);

test.serial('a template is built once and found again with its kernel', async t => {
  builds = 0;
  const [first, second] = await Promise.all([make('one'), make('one')]);
  t.deepEqual(first, second);
  t.deepEqual((await make('one')).kernel, kernel);
  t.is(builds, 1);
});

test.serial('a template whose file was cut short is built anew', async t => {
  const template = await make('one');
  truncateSync(join(template.folder, 'ram'), 3);
  builds = 0;
  await make('one');
  t.is(builds, 1);
});

test.serial('a build that fails leaves nothing', async t => {
  const failing = obtain({name: 'one', room: 1000}, quiet, product => {
    writeFileSync(join(product, 'ram'), 'half');
    return Promise.reject(new Error('QEMU died'));
  });
  await t.throwsAsync(failing, {message: 'QEMU died'});
  t.deepEqual(names(), []);
  t.deepEqual(
    readdirSync(templatesFolder()).filter(name => name.startsWith('.work')),
    [],
  );
});

test.serial('a broken template is removed and built once more, not twice', async t => {
  builds = 0;
  let uses = 0;
  const use = (times: number): Promise<string> =>
    replacingBroken(quiet, async () => {
      const template = await make('one');
      if (++uses <= times) throw new BrokenTemplateError(template, new Error('restore failed'));
      return 'restored';
    });
  t.is(await use(1), 'restored');
  t.is(builds, 2);
  uses = 0;
  const error = await t.throwsAsync(use(2), {instanceOf: BrokenLabError});
  t.regex(error.message, /restore failed/);
});

test.serial('any other error is no reason to build anew', async t => {
  let uses = 0;
  await t.throwsAsync(
    replacingBroken(quiet, () => {
      uses++;
      return Promise.reject(new Error('other'));
    }),
    {message: 'other'},
  );
  t.is(uses, 1);
});

test.serial(
  'pruning takes the longest unused and keeps a base while an overlay on it stays',
  async t => {
    const base = await make('base');
    const topologies = [
      await make('topo-a', base),
      await make('topo-b', base),
      await make('topo-c', base),
    ];
    usedAt(base, 1);
    for (const [at, template] of topologies.entries()) usedAt(template, 100 - at);
    t.deepEqual(pruneTemplates({most: 2}), ['topo-c', 'topo-b']);
    t.deepEqual(names(), ['base', 'topo-a']);
  },
);

test.serial('pruning goes by the room that templates take on the disk', async t => {
  const large = await make('large', undefined, 1_000_000);
  const small = await make('small');
  usedAt(large, 1);
  usedAt(small, 2);
  t.deepEqual(pruneTemplates({bytes: 1e9}), []);
  t.deepEqual(pruneTemplates({bytes: 1e6}), ['large']);
});

test.serial(
  'an overlay on a base that was built anew is removed: its disk means nothing now',
  async t => {
    const base = await make('base');
    await make('topo', base);
    rmSync(base.folder, {recursive: true});
    await make('base');
    t.deepEqual(names(), ['base']);
  },
);

test.serial(
  'pruning removes what lies on a disk that was removed, also what was used last',
  async t => {
    const cache = process.env['LVSLAB_CACHE'] ?? '';
    const disk = join(cache, 'root.ext4');
    writeFileSync(disk, '');
    truncateSync(disk, 1_048_576);
    const on = (
      name: string,
      backing: string,
      format: string,
      base?: Template,
    ): Promise<Template> =>
      obtain({name, room: 1000}, quiet, product => {
        for (const file of ['ram', 'state']) writeFileSync(join(product, file), 'x');
        const overlay = join(product, 'disk.qcow2');
        execFileSync('qemu-img', [
          'create',
          '-q',
          '-f',
          'qcow2',
          '-F',
          format,
          '-b',
          backing,
          overlay,
        ]);
        return Promise.resolve(base === undefined ? {kernel} : {kernel, base});
      });
    const base = await on('base', disk, 'raw');
    await on('topo', join(base.folder, 'disk.qcow2'), 'qcow2', base);
    t.deepEqual(pruneTemplates(), []);
    rmSync(disk);
    t.deepEqual(pruneTemplates().toSorted(), ['base', 'topo']);
  },
);

asRoot('a disk that fills up while saving: a clear error, and no half template', async t => {
  const cache = process.env['LVSLAB_CACHE'] ?? '';
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', cache]);
  try {
    mkdirSync(templatesFolder(), {recursive: true});
    const error = await t.throwsAsync(make('one', undefined, 4_000_000), {
      instanceOf: BrokenLabError,
    });
    t.regex(error.message, /disk became too full to build a template[\s\S]*next/);
    t.false(existsSync(join(templatesFolder(), 'one')));
    const early = obtain({name: 'two', room: 1e9}, quiet, () => Promise.reject(new Error('built')));
    t.regex((await t.throwsAsync(early)).message, /disk is too full[\s\S]*1000 MB/);
  } finally {
    execFileSync('umount', [cache]);
  }
});
