import {appendFileSync, statfsSync} from 'node:fs';
import {join} from 'node:path';
import {BrokenLabError} from '../../problem.ts';
import {quote} from '../../quote.ts';
import {makeOwnedFolder, noteQemu, removeFolder} from '../folder.ts';
import {poll} from '../poll.ts';
import {Mux} from './mux.ts';
import {inFolder, lastWords, qemuArguments, startQemu} from './qemu.ts';
import type {MachinePlan, QemuProcess} from './qemu.ts';
import {Qmp} from './qmp.ts';
import {checkSocketPath} from './serve.ts';

/** A running guest whose agent answers. */
export interface Machine {
  /** Its own folder, with its sockets and logs. */
  readonly folder: string;
  readonly qemu: QemuProcess;
  readonly qmp: Qmp;
  readonly mux: Mux;
  /** Kills it and removes its folder. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** A saved device state; the plan's ram must be the memory that was saved with it. Absent: a cold boot. */
  readonly state?: string | undefined;
  /** Milliseconds until the agent must answer. */
  readonly deadline: number;
}

/** The guest was killed from outside (kill -9, the kernel for want of memory): nothing is wrong with what it was started from. */
export class GuestKilledError extends BrokenLabError {}

/** Saved memory stays in its file and is not copied into the state. The capability keeps its x- in QEMU 7.2 to 10. */
const ignoreShared = {capabilities: [{capability: 'x-ignore-shared', state: true}]};

/**
 * Starts a guest, by boot or by restore, and waits until its agent answers. Errors: BrokenLabError with what the guest said last
 * when it does not get there by the deadline; InputError when QEMU is missing. Nothing is left behind then.
 */
export async function startMachine(
  plan: Omit<MachinePlan, 'incoming'>,
  {state, deadline}: StartOptions,
): Promise<Machine> {
  const folder = makeOwnedFolder('g');
  const verb = state === undefined ? 'boot' : 'restore';
  let qemu: QemuProcess | undefined;
  let qmp: Qmp | undefined;
  let mux: Mux | undefined;
  const close = async (): Promise<void> => {
    mux?.close();
    qmp?.close();
    await qemu?.kill();
    removeFolder(folder);
  };
  try {
    checkSocketPath(join(folder, inFolder.monitor));
    qemu = await startQemu(folder, qemuArguments({...plan, incoming: state !== undefined}));
    noteQemu(folder, qemu.pid);
    const started = qemu;
    const until = async <T>(work: Promise<T>): Promise<T> =>
      before(work, started, folder, verb, deadline);
    const connectQmp = (path: string): Promise<Qmp> =>
      Qmp.connect(path, (event, action) => {
        if (event === 'BLOCK_IO_ERROR' && action === 'stop') void endPaused(folder, started);
      });
    qmp = await until(connectWhenReady(join(folder, inFolder.monitor), connectQmp));
    mux = await until(connectWhenReady(join(folder, inFolder.agent), Mux.connect));
    if (state !== undefined) await until(restore(qmp, state));
    await until(mux.reset());
    return {folder, qemu, qmp, mux, close};
  } catch (error) {
    await close();
    throw error;
  }
}

/** QEMU pauses a guest for whose writes the disk has no room, and all that waits for the guest would wait for ever. */
function endPaused(folder: string, qemu: QemuProcess): Promise<void> {
  const why =
    'no space left on device for what the guest writes to its disk: in TMPDIR, by default /var/tmp, or in the cache folder\n';
  try {
    appendFileSync(join(folder, inFolder.messages), why);
  } catch {
    // That disk is full as well, or the guest is being closed.
  }
  return qemu.kill();
}

/** The work's result, unless QEMU ends or the deadline passes first. */
async function before<T>(
  work: Promise<T>,
  qemu: QemuProcess,
  folder: string,
  verb: 'boot' | 'restore',
  deadline: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve(`no answer after ${deadline / 1000} s`), deadline);
  });
  const trouble = Promise.race([qemu.ended.then(end => `QEMU ended with ${end}`), late]).then(
    value => {
      throw notStarted(verb, folder, value);
    },
  );
  const failed = work.catch(async (error: unknown) => {
    // A monitor that breaks off is QEMU ending: how it ended says more.
    const end = qemu.end() ?? (await poll(() => qemu.end(), {deadline: 500}));
    throw notStarted(
      verb,
      folder,
      end === undefined ? String(error) : `QEMU ended with ${end}`,
      error,
    );
  });
  try {
    return await Promise.race([failed, trouble]);
  } finally {
    clearTimeout(timer);
  }
}

function notStarted(verb: string, folder: string, value: string, cause?: unknown): BrokenLabError {
  const Kind = value.endsWith(killed) ? GuestKilledError : BrokenLabError;
  return new Kind(
    {
      what: `the lab host guest did not ${verb}; it said last:\n${lastWords(folder)
        .split('\n')
        .map(line => `  | ${line}`)
        .join('\n')}`,
      value,
      next: 'lvslab doctor; LVSLAB_ACCEL=tcg if the machine has a KVM that does not work',
    },
    cause,
  );
}

/** How a QEMU ends that is killed from outside, as `ended` words it. */
const killed = 'signal SIGKILL';

/** Whether the guest's QEMU was killed from outside; one that has just ended may not have been waited for yet. */
export const wasKilled = async ({qemu}: Machine): Promise<boolean> =>
  (await poll(() => qemu.end(), {deadline: 500})) === killed;

/** QEMU makes its sockets a moment after its start. */
async function connectWhenReady<T>(
  path: string,
  connect: (path: string) => Promise<T>,
): Promise<T> {
  let last: unknown;
  const made = await poll(
    async () => {
      try {
        return await connect(path);
      } catch (error) {
        last = error;
        return undefined;
      }
    },
    {deadline: 20_000, every: 10},
  );
  if (made === undefined) throw last;
  return made;
}

async function restore(qmp: Qmp, state: string): Promise<void> {
  await qmp.execute('migrate-set-capabilities', ignoreShared);
  await qmp.execute('migrate-incoming', {uri: `exec:cat ${quote(state)}`});
  const status = await poll(
    async () => {
      const text = JSON.stringify(await qmp.execute('query-status'));
      return /"status":"(running|paused|internal-error)"/.exec(text)?.[1];
    },
    {deadline: 60_000, every: 10},
  );
  if (status !== 'running') throw new Error(`the restored guest is ${status ?? 'not ready'}`);
}

/** Lets the guest write all to its disk and forget what it can read again: less to save. Takes a second or two. */
export async function settleMachine({mux}: Machine): Promise<void> {
  await mux.exec('sync; echo 3 > /proc/sys/vm/drop_caches; sync');
}

/**
 * Saves the guest's devices to the file `state`, with its memory and disk in the plan's files, and ends it. The guest must be
 * running, or it would be restored paused. Errors: Error, also when QEMU does not end of itself, which may leave the disk unfinished.
 */
export async function saveMachine(machine: Machine, state: string): Promise<void> {
  const {qmp, qemu, mux} = machine;
  await mux.reset();
  await qmp.execute('migrate-set-capabilities', ignoreShared);
  await qmp.execute('migrate', {uri: `exec:cat > ${quote(state)}`});
  const status = await poll(
    async () => {
      const text = JSON.stringify(await qmp.execute('query-migrate'));
      return /"status":"(completed|failed|cancelled)"/.exec(text)?.[1];
    },
    {deadline: 60_000, every: 10},
  );
  if (status !== 'completed')
    throw new Error(`QEMU could not save the guest: ${status ?? 'no end'}`);
  // QEMU ends while it answers.
  await qmp.execute('quit').catch(() => {});
  const end = await qemu.ended;
  if (end !== 'exit code 0') throw new Error(`QEMU ended with ${end} as the guest was saved`);
}

/** Whether the disk of the folder is full, which kills a QEMU whose memory is a file on it (SIGBUS). */
export const isFull = (folder: string): boolean => {
  const {bavail, bsize} = statfsSync(folder);
  return bavail * bsize < 4_194_304;
};
