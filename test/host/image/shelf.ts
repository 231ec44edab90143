import {existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {publish, readManifest} from '../../../src/host/image/shelf.ts';
import {newFolder} from '../../support/folder.ts';

async function published(content = 'whole') {
  const parent = newFolder();
  const folder = join(parent, 'thing');
  const make = async (text: string): Promise<void> => {
    mkdirSync(join(parent, 'product'));
    writeFileSync(join(parent, 'product', 'disk'), text);
    await publish(join(parent, 'product'), folder, {suite: 'trixie'});
  };
  await make(content);
  return {folder, make};
}

test('what is published is whole and has its facts', async t => {
  const {folder} = await published();
  t.like(readManifest(folder), {files: {disk: 5}, facts: {suite: 'trixie'}});
});

test('what is not there, or has no manifest, is not whole', t => {
  const folder = newFolder();
  t.is(readManifest(join(folder, 'nothing')), undefined);
  writeFileSync(join(folder, 'disk'), 'half built by hand');
  t.is(readManifest(folder), undefined);
});

test('a file cut short is not whole', async t => {
  const {folder} = await published();
  truncateSync(join(folder, 'disk'), 3);
  t.is(readManifest(folder), undefined);
});

test('a manifest cut short is none', async t => {
  const {folder} = await published();
  truncateSync(join(folder, 'manifest.json'), 20);
  t.is(readManifest(folder), undefined);
});

test('a damaged one gives way to a new one', async t => {
  const {folder, make} = await published();
  truncateSync(join(folder, 'disk'), 3);
  writeFileSync(join(folder, 'stray'), '');
  await make('new and whole');
  t.is(readFileSync(join(folder, 'disk'), 'utf8'), 'new and whole');
  t.false(existsSync(join(folder, 'stray')));
  t.not(readManifest(folder), undefined);
});
