import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {run} from '../../../src/host/image/run.ts';
import {findLeftovers, inWorkshop} from '../../../src/host/image/workshop.ts';
import type {Step} from '../../../src/host/image/types.ts';
import {formatOwner, ownerOf} from '../../../src/own/owner.ts';
import {BrokenLabError} from '../../../src/problem.ts';
import {newFolder} from '../../support/folder.ts';

const job = (room = 0) => ({
  name: 'a thing',
  parent: newFolder(),
  key: 'thing',
  room,
});
const hidden = (folder: string): string[] =>
  readdirSync(folder).filter(name => name.startsWith('.'));
const quiet = (): void => {};

test('the work folder is gone afterwards, whether the work was done or failed', async t => {
  const one = job();
  t.is(
    await inWorkshop(one, quiet, async work => (existsSync(work) ? 'done' : 'no folder')),
    'done',
  );
  await t.throwsAsync(
    inWorkshop(one, quiet, () => Promise.reject(new Error('failed'))),
    {message: 'failed'},
  );
  t.deepEqual(hidden(one.parent), []);
});

test('what a dead builder left is removed and told; the work of a living one and of nobody stays', async t => {
  const one = job();
  const leave = (name: string, owner?: string): void => {
    mkdirSync(join(one.parent, name));
    if (owner !== undefined) writeFileSync(join(one.parent, name, 'owner'), owner);
  };
  leave('.work-dead', formatOwner({...ownerOf(), startTime: '1'}));
  leave('.work-earlier-boot', formatOwner({...ownerOf(), bootId: 'other'}));
  leave('.work-alive', formatOwner(ownerOf()));
  leave('.work-unsigned');
  t.is(findLeftovers(one.parent).length, 2);
  const told: Step[] = [];
  await inWorkshop(
    one,
    step => told.push(step),
    async () => {},
  );
  t.deepEqual(hidden(one.parent), ['.work-alive', '.work-unsigned']);
  t.is(told.length, 2);
});

test('without room the work is not begun, and the room needed is told', async t => {
  const one = job(1e18);
  const error = await t.throwsAsync(
    inWorkshop(one, quiet, async () => {
      t.fail('begun');
    }),
    {instanceOf: BrokenLabError},
  );
  t.like(error?.problems[0], {where: one.parent, valid: ['1000000000000 MB while it is built']});
  t.regex(error?.message ?? '', /is too full to build a thing\n.*free\n.*\n.*LVSLAB_CACHE/);
});

const onTinyDisk = test.macro(async (t, fill: (work: string) => Promise<unknown>) => {
  if (process.getuid?.() !== 0) {
    t.log('skipped: only root may mount a small disk');
    t.pass();
    return;
  }
  const one = job(1000);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', one.parent]);
  try {
    const error = await t.throwsAsync(inWorkshop(one, quiet, fill), {instanceOf: BrokenLabError});
    t.regex(error?.problems[0]?.what ?? '', /became too full to build a thing/);
    t.deepEqual(hidden(one.parent), []);
  } finally {
    await execa('umount', [one.parent]);
  }
});
test('a disk that fills up under Node is told as such', onTinyDisk, work =>
  writeFile(join(work, 'big'), Buffer.alloc(2e6)),
);
test('a disk that fills up under a program is told as such', onTinyDisk, work =>
  run(['cp', process.execPath, join(work, 'big')]),
);
