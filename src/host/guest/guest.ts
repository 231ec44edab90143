import type {GuestImage, Progress} from '../image/types.ts';
import type {KernelFacts, LabHost} from '../types.ts';
import {probeAccelerator} from './accelerator.ts';
import {hostOn, waitForEngine} from './host.ts';
import type {GuestHost} from './host.ts';
import type {Processors} from './qemu.ts';
import {BrokenTemplateError, replacingBroken} from './template-store.ts';
import {forkTemplate, obtainBase, obtainDerived} from './template.ts';
import type {GuestSpec} from './template.ts';

/** Processors of a guest that asks for no other number. */
export const guestCpus = 2;

export interface GuestOptions {
  readonly image: GuestImage;
  /** With `prepare`: names what `prepare` does. The guest comes with it done, from a template that is made once. */
  readonly key?: string | undefined;
  readonly prepare?: ((host: LabHost) => Promise<void>) | undefined;
  /** What must work in the restored guest before it is used; where it does not, the template is taken for broken. */
  readonly ready?: ((host: LabHost) => Promise<void>) | undefined;
  /** Default 2048. */
  readonly memoryMiB?: number | undefined;
  /** Default `guestCpus`. */
  readonly cpus?: number | undefined;
  /** Default `parallel`. */
  readonly processors?: Processors | undefined;
  /** Milliseconds that a cold boot may take until the engine answers; default 120000. */
  readonly bootDeadline?: number | undefined;
  /** Hears of each step that takes its time. */
  readonly progress?: Progress | undefined;
}

/**
 * A lab host guest of its own, continued from a template: pristine, or with `prepare` done. The template is booted (15 s and more
 * under emulation) or prepared when the cache does not have it. Ends with this process at the latest. Errors: InputError when QEMU
 * is missing or an override is wrong; BrokenLabError when the guest does not start (with what it said last) or the disk is too full.
 */
export async function openGuest(options: GuestOptions): Promise<GuestHost> {
  const {image, key, prepare, progress = () => {}} = options;
  const spec = await specOf(options);
  const deployed = prepare === undefined ? undefined : key;
  return replacingBroken(progress, async () => {
    const template =
      prepare === undefined || key === undefined
        ? await obtainBase(spec, progress)
        : await obtainDerived(spec, key, prepare, progress);
    const machine = await forkTemplate(spec, template);
    const host = await hostOn(machine, {
      accelerator: spec.accelerator,
      kernel: template.kernel,
      nodeImage: image.nodeImage,
      deployed,
      template: template.folder,
    });
    try {
      await waitForEngine(host, 30_000);
      await options.ready?.(host);
      return host;
    } catch (error) {
      // A guest that goes on, but without its engine or its nodes, was saved so.
      const ended = machine.qemu.end() !== undefined;
      await host.close();
      throw ended ? error : new BrokenTemplateError(template, error);
    }
  });
}

/**
 * Makes the pristine template when the cache does not have it, so that openGuest is quick. Tells what was probed of its
 * kernel. Errors as openGuest.
 */
export async function ensureTemplate(
  options: GuestOptions,
): Promise<{readonly kernel: KernelFacts; readonly accelerator: string}> {
  const spec = await specOf(options);
  const {progress = () => {}} = options;
  const {kernel} = await replacingBroken(progress, () => obtainBase(spec, progress));
  return {kernel, accelerator: spec.accelerator};
}

const specOf = async (options: GuestOptions): Promise<GuestSpec> => ({
  image: options.image,
  accelerator: await probeAccelerator(options.image.kernel.vmlinuz),
  memoryMiB: options.memoryMiB ?? 2048,
  cpus: options.cpus ?? guestCpus,
  processors: options.processors ?? 'parallel',
  bootDeadline: options.bootDeadline ?? 120_000,
});
