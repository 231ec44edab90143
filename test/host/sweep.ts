import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {makeOwnedFolder, noteQemu} from '../../src/host/folder.ts';
import {sweepHost} from '../../src/host/sweep.ts';
import {formatOwner, ownerOf} from '../../src/own/owner.ts';
import {newFolder} from '../support/folder.ts';

const dead = formatOwner({...ownerOf(), startTime: '1'});

test.beforeEach(() => {
  const folder = newFolder();
  process.env['LVSLAB_CACHE'] = join(folder, 'cache');
  process.env['LVSLAB_RUNTIME'] = join(folder, 'run');
  mkdirSync(join(folder, 'run'), {mode: 0o700});
  mkdirSync(join(folder, 'cache', 'templates'), {recursive: true});
});

function place(parent: string, name: string, owner?: string): string {
  const folder = join(process.env[parent] ?? '', name);
  mkdirSync(folder, {recursive: true});
  if (owner !== undefined) writeFileSync(join(folder, 'owner'), owner);
  return folder;
}

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

test.serial('what a dead process left is removed, and nothing else', async t => {
  const stale = [
    place('LVSLAB_RUNTIME', 'g-dead', dead),
    place('LVSLAB_RUNTIME', 'host', dead),
    place('LVSLAB_RUNTIME', 'probe-dead', dead),
    place('LVSLAB_CACHE', 'templates/.work-dead', dead),
    place('LVSLAB_CACHE', 'templates/.gone-base-x-4194305'),
  ];
  const kept = [
    makeOwnedFolder('g'),
    place('LVSLAB_RUNTIME', 'g-unknown'),
    place('LVSLAB_RUNTIME', 'g-garbage', 'somebody'),
    place('LVSLAB_RUNTIME', 'other', dead),
    place('LVSLAB_CACHE', 'templates/.work-mine', formatOwner(ownerOf())),
    place('LVSLAB_CACHE', 'templates/.work-unknown'),
    place('LVSLAB_CACHE', 'templates/base-x', dead),
    place('LVSLAB_CACHE', `templates/.gone-base-y-${process.pid}`),
  ];
  t.deepEqual([...(await sweepHost())].toSorted(), stale.toSorted());
  for (const folder of stale) t.false(existsSync(folder), folder);
  for (const folder of kept) t.true(existsSync(folder), folder);
  t.deepEqual(await sweepHost(), []);
});

test.serial(
  'a QEMU noted in a dead folder is killed, unless its pid is of another process now',
  async t => {
    const child = spawn('sleep', ['1000']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const folder = place('LVSLAB_RUNTIME', 'g-dead', dead);
    writeFileSync(join(folder, 'qemu'), formatOwner({...ownerOf(pid), startTime: '1'}));
    t.deepEqual(await sweepHost(), [folder]);
    t.is(child.exitCode ?? child.signalCode, null);

    place('LVSLAB_RUNTIME', 'g-dead', dead);
    noteQemu(folder, pid);
    const ended = once(child, 'exit');
    t.deepEqual(await sweepHost(), [`QEMU ${pid}`, folder]);
    t.deepEqual(await ended, [null, 'SIGKILL']);
  },
);

test.serial('where nothing was ever made, nothing is removed', async t => {
  process.env['LVSLAB_CACHE'] = '/nonexistent';
  t.deepEqual(await sweepHost(), []);
  t.deepEqual(readdirSync(process.env['LVSLAB_RUNTIME'] ?? ''), []);
});

test.serial(
  'what was killed before it could say who made it is known by the pid in its name',
  async t => {
    const gone = await deadPid();
    const stale = [
      place('LVSLAB_RUNTIME', `g-${gone}-abcdef`),
      place('LVSLAB_RUNTIME', `host-${gone}-123456`),
      // Killed as it wrote its owner file.
      place('LVSLAB_CACHE', `templates/.work-${gone}-abcdef`, ''),
      place('LVSLAB_CACHE', `disks/.work-${gone}-abcdef`),
      place('LVSLAB_CACHE', `disks/.gone-abc-${gone}`),
      place('LVSLAB_CACHE', `kernels/6.1/initrd-0123456789ab.${gone}`),
    ];
    const kept = [
      place('LVSLAB_RUNTIME', `g-${process.pid}-abcdef`),
      place('LVSLAB_CACHE', `templates/.work-${process.pid}-abcdef`),
      place('LVSLAB_CACHE', `kernels/6.1/initrd-0123456789ab.${process.pid}`),
      place('LVSLAB_CACHE', 'kernels/6.1/initrd-0123456789ab'),
      place('LVSLAB_CACHE', 'disks/abc'),
    ];
    t.deepEqual([...(await sweepHost())].toSorted(), stale.toSorted());
    for (const folder of kept) t.true(existsSync(folder), folder);
  },
);

test.serial(
  'a QEMU that was started, and not yet noted, when its owner was killed is found',
  async t => {
    const folder = place('LVSLAB_RUNTIME', 'g-dead', dead);
    const started = (...args: [string, ...string[]]) =>
      spawn('sh', ['-c', 'read line', ...args], {cwd: folder});
    const [qemu, other] = [started('qemu-system-x86_64'), started('other')];
    t.teardown(() => other.kill('SIGKILL'));
    await Promise.all([qemu, other].map(child => once(child, 'spawn')));
    const end = once(qemu, 'exit');
    t.deepEqual(await sweepHost(), [`QEMU ${qemu.pid}`, folder]);
    t.deepEqual(await end, [null, 'SIGKILL']);
    t.is(other.exitCode ?? other.signalCode, null);
  },
);

test.serial('lock files of dead processes are removed, and none that is held', async t => {
  const cache = join(process.env['LVSLAB_CACHE'] ?? '', 'templates');
  const locks = ['dead', 'half-written', 'live', 'just-taken'].map(name =>
    join(cache, `${name}.lock`),
  );
  const [stale = '', half = '', live = '', taken = ''] = locks;
  writeFileSync(stale, dead);
  writeFileSync(half, '');
  writeFileSync(live, formatOwner(ownerOf()));
  const holder = spawn('flock', [taken, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.teardown(() => holder.stdin.end());
  await once(holder.stdout, 'data');
  t.deepEqual(await sweepHost(), []);
  t.deepEqual(
    locks.map(file => existsSync(file)),
    [false, false, true, true],
  );
});

test.serial('two sweeps at once of one folder both end well', async t => {
  const script = fileURLToPath(new URL('../../src/host/folder.ts', import.meta.url));
  const folder = place('LVSLAB_RUNTIME', 'g-dead', dead);
  for (let i = 0; i < 300; i++) {
    mkdirSync(join(folder, `${i}`));
    writeFileSync(join(folder, `${i}`, 'file'), '');
  }
  const code = `const {removeFolder} = await import(${JSON.stringify(script)}); process.stdout.write('ready'); process.stdin.once('data', () => {removeFolder(${JSON.stringify(folder)}); process.exit(0)});`;
  const children = [1, 2].map(() =>
    spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', code]),
  );
  await Promise.all(children.map(child => once(child.stdout, 'data')));
  const exits = children.map(child => once(child, 'exit'));
  for (const child of children) child.stdin.write('go');
  t.deepEqual(
    (await Promise.all(exits)).map(([exit]) => exit),
    [0, 0],
  );
  t.false(existsSync(folder));
});
