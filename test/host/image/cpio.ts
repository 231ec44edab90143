import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {fileEntry, folderEntry, packCpio} from '../../../src/host/image/cpio.ts';
import {newFolder} from '../../support/folder.ts';

// The busybox of the initrd as the oracle.
async function unpack(archive: Uint8Array): Promise<string> {
  const folder = newFolder();
  writeFileSync(join(folder, 'archive'), archive);
  await execa('busybox', ['cpio', '-i', '-F', 'archive'], {cwd: folder});
  return folder;
}

test('names and contents of every length modulo 4 come back', async t => {
  const lengths = [0, 1, 2, 3, 4, 5];
  const files = lengths.map(length => ({
    path: `d/${'n'.repeat(length + 1)}`,
    content: Buffer.from('abcdef'.slice(0, length)),
  }));
  const folder = await unpack(
    packCpio([folderEntry('d'), ...files.map(({path, content}) => fileEntry(path, content))]),
  );
  for (const {path, content} of files) t.deepEqual(readFileSync(join(folder, path)), content);
  t.is(statSync(join(folder, 'd/nn')).mode & 0o777, 0o755);
});

test('the same entries give the same bytes, of a length that another archive can follow', t => {
  const pack = (): Buffer => packCpio([fileEntry('a', Buffer.from('b'))]);
  t.deepEqual(pack(), pack());
  t.is(pack().length % 4, 0);
});
