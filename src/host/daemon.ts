import {spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync, renameSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {text} from 'node:stream/consumers';
import {connect} from 'node:net';
import {fileURLToPath} from 'node:url';
import {isAlive, startTimeOf} from '../own/owner.ts';
import {runtimeFolder} from '../own/places.ts';
import {BrokenLabError, InputError} from '../problem.ts';
import {capabilityNames} from './capabilities.ts';
import {connectEngine} from './docker.ts';
import {makeOwnedFolder, removeFolder} from './folder.ts';
import {ensureTemplate} from './guest/guest.ts';
import {findTrouble, kernelLogCommand} from './guest/trouble.ts';
import {hostFolder, readHostRecord} from './host-record.ts';
import type {HostRecord} from './host-record.ts';
import {obtainImage} from './image/image.ts';
import {isKernel} from './image/kernel.ts';
import {isKernelPath} from './image/own-kernel.ts';
import {withLock} from './image/lock.ts';
import {poll} from './poll.ts';
import type {LabHost} from './types.ts';

export interface DaemonOptions {
  /** Kernel series or release, as obtainImage takes it; the default one when absent. */
  readonly kernel?: string | undefined;
  /** The tree with the modules of a kernel of one's own. */
  readonly modules?: string | undefined;
  readonly progress: (line: string) => void;
}

/** The lab host that `host up` started; undefined when none is up. Closing it leaves it up. */
export function connectDaemon(): Promise<LabHost | undefined> {
  const record = readHostRecord();
  return Promise.resolve(record === undefined ? undefined : hostOf(record));
}

/** Connects to the lab host that stays, starting it when none is up. Errors as obtainImage and openGuest. */
export async function startDaemon(options: DaemonOptions): Promise<LabHost> {
  return hostOf((await start(options)).record);
}

/** Lines for `lvslab host up`. */
export async function hostUp(options: DaemonOptions): Promise<readonly string[]> {
  const {record, already} = await start(options);
  return [
    `the lab host is ${already ? 'already ' : ''}up: kernel ${record.kernel.release}, ${record.accelerator}`,
    `export DOCKER_HOST=unix://${record.socket}`,
  ];
}

/** Stops the lab host that stays, with all that runs on it; a line that says so. */
export async function hostDown(): Promise<string> {
  const record = readHostRecord();
  if (record === undefined) return 'no lab host is up';
  process.kill(record.owner.pid, 'SIGTERM');
  const ended = await poll(() => (isAlive(record.owner) ? undefined : true), {deadline: 10_000});
  if (ended !== true) {
    process.kill(record.owner.pid, 'SIGKILL'); // QEMU dies with it
    await poll(() => (isAlive(record.owner) ? undefined : true), {deadline: 10_000});
  }
  removeFolder(hostFolder());
  return 'the lab host is down';
}

/** What `lvslab host status` shows. */
export async function hostStatus(): Promise<Readonly<Record<string, string | readonly string[]>>> {
  const record = readHostRecord();
  if (record === undefined) return {state: 'down'};
  return {
    state: 'up',
    kernel: record.kernel.release,
    accelerator: record.accelerator,
    DOCKER_HOST: `unix://${record.socket}`,
    nodeImage: record.nodeImage,
    lacks: capabilityNames.filter(name => !record.kernel.has.includes(name)),
    supervisor: `pid ${record.owner.pid}`,
  };
}

function hostOf(record: HostRecord): LabHost {
  const client = connectEngine({kind: 'socket', path: record.socket}, () => ({
    what: 'the lab host does not answer, or went away',
    where: record.socket,
    next: 'lvslab host status; lvslab host down and up start it anew',
  }));
  const close = (): Promise<void> => Promise.resolve(client.close());
  return {
    kind: 'guest',
    accelerator: record.accelerator,
    engine: client.engine,
    kernel: record.kernel,
    nodeImage: record.nodeImage,
    deployed: undefined,
    kernelTrouble: async () => {
      const socket = connect({path: record.commands, allowHalfOpen: true});
      socket.end(`${kernelLogCommand}\n`);
      return findTrouble(await text(socket));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function start({
  progress,
  ...options
}: DaemonOptions): Promise<{record: HostRecord; already: boolean}> {
  const wanted = absolute(options);
  const running = readHostRecord();
  if (running !== undefined) return {record: checked(running, wanted), already: true};
  // Here, and not in the supervisor: whoever waits sees what is being done.
  const image = await obtainImage(wanted, ({step}) => progress(step));
  await ensureTemplate({image, progress: ({step, why}) => progress(`${step}: ${why}`)});
  return withLock(
    join(runtimeFolder(), 'host.lock'),
    ({why}) => progress(why),
    async () => {
      const made = readHostRecord();
      if (made !== undefined) return {record: checked(made, wanted), already: true};
      removeFolder(hostFolder());
      renameSync(makeOwnedFolder('host'), hostFolder()); // ours until the supervisor says that it is its
      return {record: await spawnSupervisor(wanted), already: false};
    },
  );
}

/** Which kernel, and where its modules are. */
type Wanted = Pick<DaemonOptions, 'kernel' | 'modules'>;

/** The supervisor works in another folder. */
const absolute = ({kernel, modules}: Wanted): Wanted => ({
  kernel: kernel !== undefined && isKernelPath(kernel) ? resolve(kernel) : kernel,
  modules: modules === undefined ? undefined : resolve(modules),
});

function checked(record: HostRecord, {kernel, modules}: Wanted): HostRecord {
  if (kernel !== undefined && !isKernel(record.kernel.release, kernel, modules))
    throw new InputError({
      what: 'a lab host with another kernel is up',
      value: kernel,
      valid: [record.kernel.release],
      next: 'lvslab host down, then start it with this kernel',
    });
  return record;
}

async function spawnSupervisor(wanted: Wanted): Promise<HostRecord> {
  const logFile = join(hostFolder(), 'supervisor.log');
  const log = openSync(logFile, 'a', 0o600);
  const script = fileURLToPath(new URL('supervisor.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [`--import=${import.meta.resolve('tsx')}`, script, JSON.stringify(wanted)],
    {detached: true, stdio: ['ignore', log, log], cwd: '/'},
  );
  closeSync(log);
  child.unref();
  const record = await poll(
    () =>
      readHostRecord() ??
      (child.pid === undefined || startTimeOf(child.pid) === undefined
        ? ('ended' as const)
        : undefined),
    {deadline: 120_000},
  );
  if (record !== undefined && record !== 'ended') return record;
  child.kill('SIGKILL');
  throw new BrokenLabError({
    what: `the lab host did not come up; its supervisor said last:\n${readFileSync(logFile, 'utf8').trim().split('\n').slice(-10).join('\n')}`,
    where: logFile,
    next: 'lvslab doctor',
  });
}

export {hostShell} from './host-shell.ts';
