import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {formatOwner, ownerOf} from '../../src/own/owner.ts';
import {examine} from '../../src/setup/doctor.ts';
import {newFolder} from '../support/folder.ts';

const folder = newFolder();
process.env['LVSLAB_CACHE'] = join(folder, 'cache');
process.env['LVSLAB_RUNTIME'] = join(folder, 'run');

const finding = async (name: string) => (await examine()).find(one => one.name === name);

test.serial('an empty cache is no fault: what is not there will be made', async t => {
  t.is((await finding('kernels'))?.state, 'warn');
  t.is((await finding('lab host disk'))?.state, 'warn');
  t.is((await finding('leftovers'))?.state, 'ok');
  t.is((await finding('node'))?.state, 'ok');
});

test.serial('the work of a dead builder is named, that of a living one is not', async t => {
  const disks = join(folder, 'cache', 'disks');
  const work = (name: string, owner: string): void => {
    mkdirSync(join(disks, name), {recursive: true});
    writeFileSync(join(disks, name, 'owner'), owner);
  };
  work('.work-alive', formatOwner(ownerOf()));
  work('.work-dead', formatOwner({...ownerOf(), startTime: '1'}));
  const left = await finding('leftovers');
  t.is(left?.found, join(disks, '.work-dead'));
});

test.serial('a runtime folder that others may enter is told with the next step', async t => {
  const open = join(folder, 'open');
  mkdirSync(open, {mode: 0o755});
  process.env['LVSLAB_RUNTIME'] = open;
  const runtime = await finding('runtime folder');
  t.is(runtime?.state, 'missing');
  t.regex(runtime?.next ?? '', /chmod 700/);
});

test.serial('every finding that is not ok says what to do', async t => {
  const findings = await examine();
  t.true(findings.length > 10);
  t.deepEqual(
    findings.filter(({state, next}) => state !== 'ok' && (next ?? '') === ''),
    [],
  );
});
