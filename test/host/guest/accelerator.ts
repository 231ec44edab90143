import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {bootsWithKvm, probeAccelerator} from '../../../src/host/guest/accelerator.ts';
import {InputError} from '../../../src/problem.ts';
import {newFolder} from '../../support/folder.ts';

const kvm = test.serial;
const maybeKvm =
  existsSync('/dev/kvm') && process.getuid?.() === 0 ? test.serial : test.serial.skip;
const fresh = (): string => {
  const folder = newFolder();
  process.env['LVSLAB_CACHE'] = join(folder, 'cache');
  process.env['LVSLAB_RUNTIME'] = join(folder, 'run');
  delete process.env['LVSLAB_ACCEL'];
  return join(folder, 'cache', 'accelerator.json');
};

kvm('LVSLAB_ACCEL decides without a probe, and only for what there is', async t => {
  fresh();
  const never = (): Promise<boolean> => Promise.reject(new Error('probed'));
  for (const wish of ['kvm', 'tcg'] as const) {
    process.env['LVSLAB_ACCEL'] = wish;
    t.is(await probeAccelerator('/none', never), wish);
  }
  process.env['LVSLAB_ACCEL'] = 'hvf';
  const error = await t.throwsAsync(probeAccelerator('/none', never), {instanceOf: InputError});
  t.regex(error.message, /LVSLAB_ACCEL[\s\S]*hvf[\s\S]*kvm, tcg/);
});

maybeKvm('the answer of a probe is remembered for this boot, and no longer', async t => {
  const file = fresh();
  t.is(await probeAccelerator('/none', () => Promise.resolve(true)), 'kvm');
  t.is(await probeAccelerator('/none', () => Promise.resolve(false)), 'kvm');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"bootId":"[^"]*"/, '"bootId":"another"'));
  t.is(await probeAccelerator('/none', () => Promise.resolve(false)), 'tcg');
  writeFileSync(file, text.replace(/"qemu":"[^"]*"/, '"qemu":"another"'));
  t.is(await probeAccelerator('/none', () => Promise.resolve(false)), 'tcg');
  writeFileSync(file, 'garbage');
  t.is(await probeAccelerator('/none', () => Promise.resolve(false)), 'tcg');
});

kvm('a kernel that does not boot is no KVM, and nothing is left of the probe', async t => {
  fresh();
  t.false(await bootsWithKvm('/dev/null', 2000));
  t.deepEqual(readdirSync(process.env['LVSLAB_RUNTIME'] ?? ''), []);
});
