import {accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {z} from 'zod';
import {bootId} from '../../own/owner.ts';
import {cacheFolder} from '../../own/places.ts';
import {InputError} from '../../problem.ts';
import {makeOwnedFolder, noteQemu, removeFolder} from '../folder.ts';
import {inFolder, lastWords, qemuVersion, startQemu} from './qemu.ts';
import type {Accelerator} from './qemu.ts';

const accelerators = ['kvm', 'tcg'] as const satisfies readonly Accelerator[];

const answerSchema = z.strictObject({
  /** A KVM may come and go with a boot, and works with one QEMU and not with another. */
  bootId: z.string(),
  qemu: z.string(),
  accelerator: z.enum(accelerators),
});

/** A kernel with KVM panics for want of a root disk in about a second; nested ones that crawl take minutes. */
const probeDeadline = 6000;

/**
 * `kvm` when a kernel really boots with it, else `tcg` (emulation). /dev/kvm alone says nothing: it may be there and unusable.
 * The answer is remembered in the cache folder for this boot and QEMU. LVSLAB_ACCEL=kvm|tcg decides without a probe
 * (InputError for another value).
 */
export async function probeAccelerator(
  vmlinuz: string,
  tryKvm: (vmlinuz: string) => Promise<boolean> = bootsWithKvm,
): Promise<Accelerator> {
  const wish = process.env['LVSLAB_ACCEL'];
  if (wish !== undefined && wish !== '') return parseWish(wish);
  if (!mayUseKvm()) return 'tcg';
  const key = {bootId: bootId(), qemu: await qemuVersion()};
  const file = join(cacheFolder(), 'accelerator.json');
  const remembered = readAnswer(file);
  if (remembered?.bootId === key.bootId && remembered.qemu === key.qemu)
    return remembered.accelerator;
  const accelerator = (await tryKvm(vmlinuz)) ? 'kvm' : 'tcg';
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, JSON.stringify({...key, accelerator}));
  return accelerator;
}

function parseWish(wish: string): Accelerator {
  const found = accelerators.find(name => name === wish);
  if (found === undefined)
    throw new InputError({
      what: 'unknown accelerator',
      where: 'LVSLAB_ACCEL',
      value: wish,
      valid: accelerators,
      next: 'unset it to have KVM probed',
    });
  return found;
}

function mayUseKvm(): boolean {
  if (!existsSync('/dev/kvm')) return false;
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readAnswer(file: string): z.infer<typeof answerSchema> | undefined {
  try {
    return answerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Boots the kernel with no disk and no initrd: one that works soon panics as it finds no root file system, and with panic=-1 and
 * -no-reboot QEMU ends. Whatever else happens by the deadline means that KVM does not work. QEMU is killed in any case.
 */
export async function bootsWithKvm(vmlinuz: string, deadline = probeDeadline): Promise<boolean> {
  const folder = makeOwnedFolder('probe');
  try {
    const qemu = await startQemu(folder, [
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-nic', 'none'],
      ...['-machine', 'q35', '-accel', 'kvm', '-cpu', 'host', '-m', '256'],
      ...['-kernel', vmlinuz, '-append', 'console=ttyS0 panic=-1'],
      ...['-serial', `file:${inFolder.console}`],
    ]);
    noteQemu(folder, qemu.pid);
    const ended = await Promise.race([qemu.ended, pause(deadline, undefined, {ref: false})]);
    await qemu.kill();
    return (
      ended === 'exit code 0' && lastWords(folder, 1000).includes('VFS: Unable to mount root fs')
    );
  } finally {
    removeFolder(folder);
  }
}
