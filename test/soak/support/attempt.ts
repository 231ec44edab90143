import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {poll} from '../../../src/host/poll.ts';
import {bin, lvslab} from '../../e2e/support/cli.ts';
import {filesBelow} from '../../e2e/support/leftovers.ts';
import {besideTemplates, brokenTemplates} from './cache.ts';
import {processesWith} from './processes.ts';
import {strike, type Kind} from './victims.ts';

/** Folders of one attempt: what is in them afterwards, but for whole runs, was left behind. */
export interface Ground {
  readonly cache: string;
  readonly runtime: string;
  readonly state: string;
  readonly temporary: string;
}

export const environmentOf = ({cache, runtime, state, temporary}: Ground) => ({
  LVSLAB_CACHE: cache,
  LVSLAB_RUNTIME: runtime,
  LVSLAB_STATE: state,
  TMPDIR: temporary,
});

export function makeGround(folder: string, cache: string): Ground {
  const [runtime, state, temporary] = ['run', 'state', 'tmp'].map(name => join(folder, name));
  if (runtime === undefined || state === undefined || temporary === undefined) throw new Error();
  for (const one of [runtime, state, temporary]) mkdirSync(one, {recursive: true, mode: 0o700});
  return {cache, runtime, state, temporary};
}

/** How a command ended that was, or was not, struck. */
export interface Attempt {
  /** Seconds from its start to the kill; undefined when it had ended before. */
  readonly struck: number | undefined;
  /** Seconds from its start to its end. */
  readonly seconds: number;
  readonly exitCode: number | null;
  readonly stdout: string;
  /** What it had said on stderr when it was struck, and after. */
  readonly before: string;
  readonly after: string;
}

/** A command may take so long, a whole new template on a busy machine included; beyond, it hangs. In milliseconds. */
const longest = 400_000;

/** Starts a command, kills at the moment (milliseconds from its start), and waits for its end. */
export async function attempt(
  args: readonly string[],
  {
    kind,
    ground,
    moment,
    random,
  }: {kind: Kind; ground: Ground; moment: number; random: () => number},
): Promise<Attempt> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, [bin, ...args], {
    env: {...process.env, ...environmentOf(ground)},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Not `close`: a supervisor, or a child of a killed command, may hold the pipes for longer.
  const ended = once(child, 'exit').then(() => true as const);
  const closed = once(child, 'close');
  const stop = new AbortController();
  await Promise.race([ended, pause(moment, undefined, {signal: stop.signal}).catch(() => {})]);
  stop.abort();
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const victims = {cli: child.pid ?? 0, runtime: ground.runtime, random};
  const hit = await poll(
    async () =>
      gone() && kind !== 'supervisor'
        ? 'ended'
        : ((await strike(kind, victims)) ?? (gone() ? 'ended' : undefined)),
    {deadline: longest},
  );
  const struck = hit === true ? seconds() : undefined;
  const said = stderr.length;
  const inTime = await Promise.race([ended, pause(longest, false, {ref: false})]);
  if (!inTime) {
    child.kill('SIGKILL');
    stderr += '\nHANGS\n';
  }
  await Promise.race([closed, pause(2000, undefined, {ref: false})]);
  return {
    struck,
    seconds: seconds(),
    exitCode: child.exitCode,
    stdout,
    before: stderr.slice(0, said),
    after: stderr.slice(said),
  };
}

/** Gives the next command, and says what is still there that should not be. Empty when all is well. */
export async function leftAfterNextCommand(ground: Ground, kind: Kind): Promise<string[]> {
  const next = await lvslab(['labs'], environmentOf(ground));
  const failed = next.exitCode === 0 ? [] : [`the next command: ${next.exitCode} ${next.stderr}`];
  // The watcher may be sweeping still.
  let left: string[] = [];
  await poll(() => ((left = leftIn(ground, kind)).length === 0 ? true : undefined), {
    deadline: 15_000,
    every: 100,
  });
  return [...failed, ...left];
}

const leftIn = ({cache, runtime, state, temporary}: Ground, kind: Kind): string[] => [
  ...processesWith('LVSLAB_RUNTIME', runtime).map(({pid, line}) => `process ${pid} ${line}`),
  ...filesBelow(runtime),
  ...filesBelow(temporary).filter(path => !/\/tsx-\d+/.test(path)),
  ...besideTemplates(cache),
  ...brokenTemplates(cache).map(name => `broken template ${name}`),
  ...(existsSync(state) ? unfinishedIn(state, kind) : []),
];

/** Halves of files, runs that still bear their owner, and those without a record, unless they broke and it was told. */
function unfinishedIn(state: string, kind: Kind): string[] {
  const files = filesBelow(state);
  const runs = join(state, 'runs');
  const halves = (existsSync(runs) ? readdirSync(runs) : [])
    .map(name => join(runs, name))
    .filter(run => kind.startsWith('cli') && !existsSync(join(run, 'run.json')));
  return [...files.filter(path => /\.part$|\.\d+$|\/owner$/.test(path)), ...halves];
}

/** What is wrong with how a command ended whose guest or engine was killed, or nothing; undefined when nothing is. */
export function wrongEnd({struck, exitCode, stdout, before, after}: Attempt): string | undefined {
  if (after.includes('HANGS')) return 'the command hangs';
  if (struck === undefined) return exitCode === 0 ? undefined : `exit code ${exitCode} by itself`;
  if (exitCode === 3) return undefined;
  if (exitCode === 1 && stdout.includes('the kernel failed')) return undefined;
  // A guest that lives and has no engine from its first moment on speaks against its template: it was built anew.
  if (exitCode === 0 && after.includes('build the template anew')) return undefined;
  const count = (line: string): number => before.split(line).length - 1;
  // All was collected, and the guest was about to be ended anyway.
  if (exitCode === 0 && count('› collecting') > count('› judging')) return undefined;
  return `exit code ${exitCode}`;
}
