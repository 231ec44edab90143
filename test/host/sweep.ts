import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {makeOwnedFolder, noteQemu} from '../../src/host/folder.ts';
import {sweepHost} from '../../src/host/sweep.ts';
import {formatOwner, ownerOf} from '../../src/own/owner.ts';

const dead = formatOwner({...ownerOf(), startTime: '1'});

test.beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-sweep-'));
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
