import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {run} from '../image/run.ts';
import type {GuestImage, Progress} from '../image/types.ts';
import {probeKernel} from '../kernel-facts.ts';
import {probeScript} from '../kernel-probe.ts';
import type {KernelFacts, LabHost} from '../types.ts';
import {hostOn, waitForEngine} from './host.ts';
import type {GuestHost} from './host.ts';
import {
  GuestKilledError,
  isFull,
  saveMachine,
  settleMachine,
  startMachine,
  wasKilled,
} from './machine.ts';
import type {Machine} from './machine.ts';
import {qemuArguments, qemuVersion} from './qemu.ts';
import type {Accelerator, MachinePlan, Processors} from './qemu.ts';
import {BrokenTemplateError, obtain, templateFiles, touch} from './template-store.ts';
import type {Template} from './template-store.ts';

/** What a guest is made of and how large it is. */
export interface GuestSpec {
  readonly image: GuestImage;
  readonly accelerator: Accelerator;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly processors: Processors;
  /** Milliseconds that a boot may take until the engine answers. */
  readonly bootDeadline: number;
}

/** Whether it boots or restores is said where it is started. */
type Plan = Omit<MachinePlan, 'incoming'>;

/** Changes when the same key no longer means the same template. */
const recipe = 1;
/** A restore takes about a second, on a machine that is busy with several of them many times that. */
const restoreDeadline = 60_000;

/** A pristine guest whose engine answers: booted and saved unless the cache has it. */
export async function obtainBase(spec: GuestSpec, progress: Progress): Promise<Template> {
  const {image, accelerator} = spec;
  const key = hash([
    recipe,
    probeScript,
    image.id,
    image.nodeImage,
    createHash('sha256').update(readFileSync(image.kernel.initrd)).digest('hex'),
    await qemuVersion(),
    // A template serves guests of either kind.
    qemuArguments({...plan(spec, '', 'write'), processors: 'parallel', incoming: false}),
  ]);
  return obtain(
    {name: `base-${key}`, room: room(spec)},
    progress,
    seeingFullDisk(async product => {
      progress({
        step: `boot the lab host (kernel ${image.kernel.release}, ${accelerator})`,
        why: 'once: every later guest continues from it within about a second',
      });
      await overlay(join(product, templateFiles.disk), image.disk, 'raw');
      const machine = await startMachine(plan(spec, product, 'write'), {
        deadline: spec.bootDeadline,
      });
      const kernel = await saveAfter(machine, spec, undefined, product, async host => {
        await waitForEngine(host, spec.bootDeadline);
        progress({step: 'probe the kernel', why: 'what it can do is asked, not guessed'});
        return probeKernel(host.engine, image.nodeImage);
      });
      return {kernel};
    }),
  );
}

/** The base with what `prepare` did to it, saved under the caller's key. */
export async function obtainDerived(
  spec: GuestSpec,
  key: string,
  prepare: (host: LabHost) => Promise<void>,
  progress: Progress,
): Promise<Template> {
  const base = await obtainBase(spec, progress);
  // The disk is an overlay on this very base; one that is built anew has another content.
  const name = `topo-${hash([base.name, base.builtAt, key])}`;
  return obtain(
    {name, room: room(spec)},
    progress,
    seeingFullDisk(async product => {
      progress({step: `prepare ${key}`, why: 'once: every later guest continues from it'});
      await overlay(
        join(product, templateFiles.disk),
        join(base.folder, templateFiles.disk),
        'qcow2',
      );
      const ram = ['--', join(base.folder, templateFiles.ram), join(product, templateFiles.ram)];
      await run(['cp', '--sparse=always', '--reflink=auto', ...ram]);
      const machine = await restore(base, plan(spec, product, 'write'));
      await saveAfter(machine, spec, base.kernel, product, prepare);
      return {kernel: base.kernel, base};
    }),
  );
}

/** A guest of its own that continues from the template, with the clock set and fresh entropy. */
export async function forkTemplate(spec: GuestSpec, template: Template): Promise<Machine> {
  touch(template);
  return restore(template, plan(spec, template.folder, 'copy'));
}

async function restore(template: Template, machinePlan: Plan): Promise<Machine> {
  let machine: Machine | undefined;
  try {
    machine = await startMachine(machinePlan, {
      state: join(template.folder, templateFiles.state),
      deadline: restoreDeadline,
    });
    await machine.mux.refresh();
    return machine;
  } catch (error) {
    const killed =
      machine === undefined ? error instanceof GuestKilledError : await wasKilled(machine);
    await machine?.close();
    throw killed ? error : new BrokenTemplateError(template, error);
  }
}

/** Lets `work` use the guest, saves it into `product` and ends it, in any case. */
async function saveAfter<T>(
  machine: Machine,
  spec: GuestSpec,
  kernel: KernelFacts | undefined,
  product: string,
  work: (host: GuestHost) => Promise<T>,
): Promise<T> {
  let host: GuestHost | undefined;
  try {
    host = await hostOn(machine, {
      accelerator: spec.accelerator,
      kernel: kernel ?? {release: spec.image.kernel.release, has: [], sysctls: []},
      nodeImage: spec.image.nodeImage,
      deployed: undefined,
      template: undefined,
    });
    const result = await work(host);
    await settleMachine(machine);
    await host.engine.ping(); // one that has died meanwhile would be dead in every guest
    await host.detach();
    await saveMachine(machine, join(product, templateFiles.state));
    return result;
  } finally {
    // Its server too, or a process whose template fails would never end.
    await (host ?? machine).close();
  }
}

/**
 * The build of a template with a full disk told as such: it kills QEMU with SIGBUS as it writes to its memory file, which is not
 * how anybody would word it.
 */
const seeingFullDisk =
  <T>(build: (product: string) => Promise<T>) =>
  async (product: string): Promise<T> => {
    try {
      return await build(product);
    } catch (error) {
      if (isFull(product)) throw new Error('no space left on device (ENOSPC)', {cause: error});
      throw error;
    }
  };

function plan(spec: GuestSpec, folder: string, files: MachinePlan['files']): Plan {
  const {kernel} = spec.image;
  return {
    accelerator: spec.accelerator,
    memoryMiB: spec.memoryMiB,
    cpus: spec.cpus,
    processors: spec.processors,
    vmlinuz: kernel.vmlinuz,
    initrd: kernel.initrd,
    modules: kernel.modules,
    disk: join(folder, templateFiles.disk),
    ram: join(folder, templateFiles.ram),
    files,
  };
}

/** The memory file is sparse; a guest that has just started its engine has touched a quarter of 2 GiB. */
const room = (spec: GuestSpec): number => Math.min(spec.memoryMiB, 800) * 1_048_576;

const overlay = async (path: string, backing: string, format: 'raw' | 'qcow2'): Promise<unknown> =>
  run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', format, '-b', backing, path]);

const hash = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
