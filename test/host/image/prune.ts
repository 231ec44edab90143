import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {initrdName} from '../../../src/host/image/initrd.ts';
import {pruneImages} from '../../../src/host/image/prune.ts';
import {diskId} from '../../../src/host/image/recipe.ts';

const cache = mkdtempSync(join(tmpdir(), 'lvslab-prune-'));
process.env['LVSLAB_CACHE'] = cache;
test.after.always(() => rmSync(cache, {recursive: true}));

test.serial('an empty cache has nothing to remove', t => t.deepEqual(pruneImages(), []));

test.serial('what earlier recipes and versions made is removed, and nothing else', t => {
  const file = (...path: [string, ...string[]]): string => {
    const name = join(cache, ...path);
    mkdirSync(join(name, '..'), {recursive: true});
    writeFileSync(name, '');
    return name;
  };
  const old = [
    file('disks', '0f999c04ab9d', 'root.ext4'),
    file('kernels', '6.1.0-56', 'initrd-0123456789ab'),
    file('kernels', 'own-0123456789ab', 'initrd-0123456789ab'),
  ];
  const kept = [
    file('disks', diskId, 'root.ext4'),
    file('disks', 'mine', 'root.ext4'),
    file('disks', '.work-1-abcdef', 'root.ext4'),
    file('kernels', '6.1.0-56', initrdName()),
    file('kernels', '6.1.0-56', 'vmlinuz'),
    file('kernels', '6.1.0-56', 'boot.cpio'),
    file('kernels', '6.1.lock'),
  ];
  t.deepEqual([...pruneImages()].toSorted(), [
    '6.1.0-56/initrd-0123456789ab',
    'disk 0f999c04ab9d',
    'own-0123456789ab/initrd-0123456789ab',
  ]);
  for (const path of old) t.false(existsSync(path), path);
  for (const path of kept) t.true(existsSync(path), path);
  t.false(existsSync(join(cache, 'disks', '0f999c04ab9d')));
  t.deepEqual(pruneImages(), []);
});
