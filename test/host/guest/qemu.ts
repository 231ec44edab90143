import test from 'ava';
import {lastWords, qemuArguments} from '../../../src/host/guest/qemu.ts';
import type {MachinePlan} from '../../../src/host/guest/qemu.ts';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {newFolder} from '../../support/folder.ts';

const plan: MachinePlan = {
  accelerator: 'tcg',
  memoryMiB: 2048,
  cpus: 2,
  processors: 'parallel',
  vmlinuz: '/k/vmlinuz',
  initrd: '/k/initrd',
  modules: '/k/modules.ext4',
  disk: '/t/disk.qcow2',
  ram: '/t/ram',
  files: 'write',
  incoming: false,
};
const after = (args: readonly string[], flag: string): string[] =>
  args.flatMap((arg, at) => (arg === flag ? [args[at + 1] ?? ''] : []));

test('the guest has no network device, and no device that it was not given', t => {
  const args = qemuArguments(plan);
  t.deepEqual(after(args, '-nic'), ['none']);
  t.true(args.includes('-nodefaults'));
  t.false(args.some(arg => /netdev|virtio-net|e1000|hostfwd|vsock|-net$/.test(arg)));
});

test('emulated processors have a thread each, or one for all', t => {
  t.is(after(qemuArguments(plan), '-accel')[0], 'tcg,thread=multi,tb-size=128');
  const inTurn = qemuArguments({...plan, processors: 'in-turn'});
  t.is(after(inTurn, '-accel')[0], 'tcg,thread=single,tb-size=128');
  t.is(
    after(qemuArguments({...plan, accelerator: 'kvm', processors: 'in-turn'}), '-accel')[0],
    'kvm',
  );
});

test('what is saved is written to its files', t => {
  const args = qemuArguments(plan);
  t.true(after(args, '-object')[0]?.endsWith(',mem-path=/t/ram,share=on'));
  t.false(args.some(arg => arg.includes('snapshot=on')));
  t.false(args.includes('-incoming'));
});

test('a copy leaves the files of its template as they are', t => {
  const args = qemuArguments({...plan, files: 'copy', incoming: true});
  t.true(after(args, '-object')[0]?.endsWith(',mem-path=/t/ram,share=off'));
  t.regex(after(args, '-drive')[0] ?? '', /^file=\/t\/disk\.qcow2,.*snapshot=on$/);
  t.regex(after(args, '-drive')[1] ?? '', /readonly=on/);
  t.deepEqual(after(args, '-incoming'), ['defer']);
});

test('a comma in a path does not end it', t => {
  const args = qemuArguments({...plan, ram: '/a,b/ram', disk: '/a,b/disk'});
  t.regex(after(args, '-object')[0] ?? '', /mem-path=\/a,,b\/ram,share/);
  t.regex(after(args, '-drive')[0] ?? '', /^file=\/a,,b\/disk,if=virtio/);
});

test('KVM takes the CPU of the machine, emulation a plain one', t => {
  t.deepEqual(after(qemuArguments({...plan, accelerator: 'kvm'}), '-cpu'), ['host']);
  t.deepEqual(after(qemuArguments(plan), '-cpu'), ['Nehalem-v1']);
});

test('the last words are the last lines of console and QEMU that say anything', t => {
  const folder = newFolder();
  t.is(lastWords(folder), '(nothing)');
  writeFileSync(join(folder, 'console.log'), 'one\r\n\r\ntwo\r\n');
  writeFileSync(join(folder, 'qemu.log'), 'qemu: three\n');
  t.is(lastWords(folder, 2), 'two\nqemu: three');
});
