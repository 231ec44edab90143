import {mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'ava';
import {cachedDisk, disksFolder} from '../../../src/host/image/disk.ts';
import {obtainImage} from '../../../src/host/image/image.ts';
import {parseDependencies} from '../../../src/host/image/initrd.ts';
import {cachedKernels, kernelsFolder} from '../../../src/host/image/kernel.ts';
import {diskId, nodeImage} from '../../../src/host/image/recipe.ts';
import {publish} from '../../../src/host/image/shelf.ts';
import {InputError} from '../../../src/problem.ts';
import {newFolder} from '../../support/folder.ts';

const cache = newFolder();
process.env['LVSLAB_CACHE'] = cache;

async function put(folder: string, names: readonly string[]): Promise<void> {
  const product = join(cache, 'product');
  mkdirSync(product);
  mkdirSync(dirname(folder), {recursive: true});
  for (const name of names) writeFileSync(join(product, name), `bytes of ${name}`);
  await publish(product, folder, {});
}
const putKernel = (release: string): Promise<void> =>
  put(join(kernelsFolder(), release), ['vmlinuz', 'modules.ext4', 'boot.cpio']);

test.serial('a cached image is had without a step of building', async t => {
  await putKernel('6.1.0-9-cloud-amd64');
  await putKernel('6.1.0-56-cloud-amd64');
  await putKernel('6.12.117+deb13-cloud-amd64');
  await put(join(disksFolder(), diskId), ['root.ext4']);
  const told: unknown[] = [];
  const image = await obtainImage({}, step => told.push(step));
  t.is(image.kernel.release, '6.1.0-56-cloud-amd64');
  t.is(image.nodeImage, nodeImage);
  t.is(readFileSync(image.disk, 'utf8'), 'bytes of root.ext4');
  t.deepEqual(told, []);
  t.deepEqual(await obtainImage(), image);
});

test.serial('the initrd starts with the boot archive and has the files of the guest', async t => {
  const {kernel} = await obtainImage();
  const initrd = readFileSync(kernel.initrd, 'latin1');
  t.true(initrd.startsWith('bytes of boot.cpio'));
  for (const name of ['init', 'lvslab/init', 'lvslab/agent.pl'])
    t.true(initrd.includes(`${name}\0`), name);
});

test.serial('another kernel is another image', async t => {
  const [one, other] = [await obtainImage(), await obtainImage({kernel: '6.12'})];
  t.is(other.kernel.release, '6.12.117+deb13-cloud-amd64');
  t.not(other.id, one.id);
  t.is(other.disk, one.disk);
});

test.serial('a mistyped kernel is an input error before anything is built', async t => {
  await t.throwsAsync(obtainImage({kernel: '66.1'}), {instanceOf: InputError});
});

test.serial('a damaged kernel and a half-built disk are not used', t => {
  truncateSync(join(kernelsFolder(), '6.1.0-56-cloud-amd64', 'vmlinuz'), 1);
  t.deepEqual(cachedKernels(), ['6.1.0-9-cloud-amd64', '6.12.117+deb13-cloud-amd64']);
  truncateSync(join(disksFolder(), diskId, 'root.ext4'), 1);
  t.is(cachedDisk(), undefined);
});

test('only modules that are not built in are loaded, dependencies first', t => {
  const text = 'builtin ext4\ninsmod /m/virtio.ko \ninsmod /m/virtio_blk.ko.xz foo=1\n';
  t.deepEqual(parseDependencies(text), ['/m/virtio.ko', '/m/virtio_blk.ko.xz']);
});
