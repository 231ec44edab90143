import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {execFile} from 'node:child_process';
import {BrokenLabError, InputError} from '../../problem.ts';

export const qemuCommand = 'qemu-system-x86_64';
export type Accelerator = 'kvm' | 'tcg';

/**
 * How emulation runs a guest's processors: each in a thread of its own, or all in one thread that goes on to the next when one
 * waits. Where other guests need the machine's processors as well, the second takes a quarter less of their time: a processor
 * that waits for another one that does not run just now waits busily (docs/benchmarks.md, all labs with --jobs).
 */
export type Processors = 'parallel' | 'in-turn';

/** What a guest is started from and with. The same plan, but for `processors`, must be given for saving and for restoring. */
export interface MachinePlan {
  readonly accelerator: Accelerator;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly processors: Processors;
  readonly vmlinuz: string;
  readonly initrd: string;
  /** Read-only ext4 image of the module tree: /dev/vdb. */
  readonly modules: string;
  /** A qcow2 overlay on the root file system: /dev/vda. */
  readonly disk: string;
  /** The file that is the guest's memory. */
  readonly ram: string;
  /** `write`: the files change with the guest, so that it can be saved; `copy`: they stay as they are, many guests may share them. */
  readonly files: 'write' | 'copy';
  /** Wait for `migrate-incoming` in place of booting. */
  readonly incoming: boolean;
}

/** Names of the sockets and files that QEMU makes in its working folder. */
export const inFolder = {
  agent: 'agent.sock',
  shell: 'shell.sock',
  monitor: 'qmp.sock',
  console: 'console.log',
  messages: 'qemu.log',
} as const;

/**
 * - panic=1 with QEMU's -no-reboot: a guest that panics ends QEMU.
 * - tsc=reliable, nowatchdog, rcu stall warnings off: emulation on a busy machine loses time, which the watchdogs take for faults.
 * - norandmaps: QEMU translates code by its address, so a library that is at another one in each process is translated anew in
 *   each: a third of the processor time of a lab.
 * - mitigations=off: nothing in the guest is to be kept from anything else in it.
 * - init_on_alloc=0: zeroing memory that is about to be written anyway takes up to a tenth of a lab's processor time under emulation.
 */
const kernelCommandLine = (): string =>
  [
    'console=ttyS0',
    'quiet',
    'panic=1',
    'norandmaps',
    'mitigations=off',
    'init_on_alloc=0',
    'nowatchdog',
    'rcupdate.rcu_cpu_stall_suppress=1',
    'tsc=reliable',
    'no_timer_check',
    'net.ifnames=0',
    // For tests of lvslab itself: module_blacklist=ip_vs makes a kernel without IPVS. Part of a template's name, as all of this.
    ...(process.env['LVSLAB_KERNEL_ARGS'] ?? '').split(' ').filter(word => word !== ''),
  ].join(' ');

const thread: Readonly<Record<Processors, string>> = {parallel: 'multi', 'in-turn': 'single'};

/** QEMU takes a comma in a value as the value's end, unless doubled. */
const value = (text: string): string => text.replaceAll(',', ',,');

/**
 * QEMU's command line. No network device: the guest has no route to anywhere, and its only ways out are two virtio-serial ports.
 * Sockets and logs are relative to QEMU's working folder (the guest's own). q35 and Nehalem were measured to boot quickest
 * under TCG: a newer CPU makes the guest use instructions that are dear to emulate. tb-size (MiB) is what the cache of translated
 * code may grow to in each guest: a lab takes some 75.
 */
export function qemuArguments(plan: MachinePlan): string[] {
  const copy = plan.files === 'copy';
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-nic', 'none'],
    ...['-machine', 'q35,memory-backend=ram'],
    ...[
      '-accel',
      plan.accelerator === 'kvm' ? 'kvm' : `tcg,thread=${thread[plan.processors]},tb-size=128`,
    ],
    ...['-cpu', plan.accelerator === 'kvm' ? 'host' : 'Nehalem-v1'],
    ...['-smp', String(plan.cpus), '-m', String(plan.memoryMiB)],
    '-object',
    `memory-backend-file,id=ram,size=${plan.memoryMiB}M,mem-path=${value(plan.ram)},share=${copy ? 'off' : 'on'}`,
    ...['-kernel', plan.vmlinuz, '-initrd', plan.initrd, '-append', kernelCommandLine()],
    '-drive',
    `file=${value(plan.disk)},if=virtio,format=qcow2,cache=unsafe,discard=unmap${copy ? ',snapshot=on' : ''}`,
    ...['-drive', `file=${value(plan.modules)},if=virtio,format=raw,readonly=on`],
    ...['-device', 'virtio-rng-pci', '-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=shell,path=${inFolder.shell},server=on,wait=off`],
    ...['-device', 'virtconsole,chardev=shell'],
    ...['-chardev', `socket,id=agent,path=${inFolder.agent},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=agent,name=lvslab.agent'],
    ...['-serial', `file:${inFolder.console}`],
    ...['-qmp', `unix:${inFolder.monitor},server=on,wait=off`],
    ...(plan.incoming ? ['-incoming', 'defer'] : []),
  ];
}

export interface QemuProcess {
  readonly pid: number;
  /** Settles when QEMU has ended, with how: `exit code 1`, `signal SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  /** How it ended; undefined while it runs. */
  readonly end: () => string | undefined;
  kill(): Promise<void>;
}

/**
 * Starts QEMU in `folder`. It dies with this process, even after kill -9 (PR_SET_PDEATHSIG, prctl(2), by util-linux's setpriv).
 * Errors: InputError when a command is missing.
 */
export async function startQemu(folder: string, args: readonly string[]): Promise<QemuProcess> {
  const log = openSync(join(folder, inFolder.messages), 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', qemuCommand, ...args], {
    cwd: folder,
    stdio: ['ignore', log, log],
    detached: true, // Ctrl-C in the terminal is ours to answer, not QEMU's
  });
  closeSync(log);
  let end: string | undefined;
  const ended = new Promise<string>(resolve =>
    child.on('exit', (code, signal) => {
      end = signal === null ? `exit code ${code}` : `signal ${signal}`;
      resolve(end);
    }),
  );
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new InputError(
      {what: 'cannot start setpriv', next: 'install util-linux (apt install util-linux)'},
      error,
    );
  }
  const pid = child.pid;
  if (pid === undefined) throw new BrokenLabError({what: 'QEMU was started and has no process id'});
  return {
    pid,
    ended,
    end: () => end,
    kill: async () => {
      if (end === undefined) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** All that the guest's console said; '' when there is none. */
export const consoleLog = (folder: string): string => readIn(folder, inFolder.console);

function readIn(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
}

/** What QEMU and the guest's console said last, for an error message. */
export function lastWords(folder: string, lines = 25): string {
  const text = `${consoleLog(folder)}\n${readIn(folder, inFolder.messages)}`;
  const kept = text.split(/\r?\n/).filter(line => line.trim() !== '');
  return kept.length === 0 ? '(nothing)' : kept.slice(-lines).join('\n');
}

/** QEMU's version line. InputError when QEMU is not installed. */
export async function qemuVersion(): Promise<string> {
  try {
    const {stdout} = await promisify(execFile)(qemuCommand, ['--version']);
    return stdout.split('\n')[0] ?? '';
  } catch (error) {
    throw new InputError(
      {
        what: `${qemuCommand} does not run`,
        next: 'install it: apt install qemu-system-x86 qemu-utils',
      },
      error,
    );
  }
}
