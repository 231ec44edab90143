import {randomBytes} from 'node:crypto';
import {Duplex} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import type Docker from 'dockerode';
import {BrokenLabError} from '../problem.ts';
import {Demux, type Piece} from './demux.ts';
import {lostNode} from './lost.ts';
import {quote} from '../quote.ts';
import {Transcript, transcriptFunction} from './transcript.ts';
import type {CommandLog, ExecResult, NodeShell} from './types.ts';

/** As timeout(1) has it. */
const timedOut = 124;
const defaultTimeoutMs = 120_000;
/** How long a shell that waits already may take to say its first word. */
const firstWordMs = 45_000;
/** How long a killed script may take to give its end marker. */
const graceMs = 15_000;
/** Longer outputs are in the log by their size only: pcaps do not belong into a list of commands. */
const loggedBytes = 200_000;

interface Run {
  readonly stdout: Transcript;
  readonly stderr: Transcript;
  done: {stdout?: ReturnType<Transcript['push']>; stderr?: ReturnType<Transcript['push']>};
  readonly finish: (result: ExecResult) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Opens the shell that a node's container has as its main process, by attaching to it: scripts run in it one after the
 * other. An exec would start a process by way of the whole engine, which costs more than most scripts. One user at a time. Scripts
 * get no stdin; what they start in the background must have its outputs redirected. A script that passes its timeout is
 * killed with all its children and gives exit code 124; the shell lives on. Throws BrokenLabError when the
 * container or the engine is gone, then and at every later use.
 */
export async function openShell(
  container: Docker.Container,
  node: string,
  log?: CommandLog,
): Promise<NodeShell> {
  const stream = await attachTo(container, node);
  let current: Run | undefined;
  let lost: Promise<BrokenLabError> | undefined;
  let closed = false;

  const deliver = ({stream: name, bytes}: Piece): void => {
    if (current === undefined) return;
    current.done[name] ??= current[name].push(bytes);
    const {stdout, stderr} = current.done;
    if (stdout === undefined || stderr === undefined) return;
    const {finish} = current;
    current = undefined;
    finish({exitCode: stdout.exitCode, stdout: stdout.bytes, stderr: stderr.bytes.toString()});
  };
  const lose = (cause?: unknown): void => {
    lost ??= closed
      ? Promise.resolve(new BrokenLabError({what: `the shell of node "${node}" was closed`}))
      : lostNode(container, node, cause);
    const run = current;
    current = undefined;
    if (run !== undefined) void lost.then(run.fail);
  };
  pipeline(stream, new Demux(), async (pieces: AsyncIterable<Piece>) => {
    for await (const piece of pieces) deliver(piece);
  }).then(() => lose(), lose);

  const execute = async (script: string, timeoutMs: number): Promise<ExecResult> => {
    if (lost !== undefined) throw await lost;
    const nonce = randomBytes(16).toString('hex');
    const result = new Promise<ExecResult>((finish, fail) => {
      current = {
        stdout: new Transcript(nonce),
        stderr: new Transcript(nonce),
        done: {},
        finish,
        fail,
      };
    });
    stream.write(`r ${nonce} ${quote(script)}\n`);
    let killed = false;
    let grace: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      // Without the shell's pid not even the shell has answered: there is no script to kill.
      if (pid === undefined) {
        stream.destroy();
        return;
      }
      killed = true;
      grace = setTimeout(() => stream.destroy(), graceMs);
      killChildren(container, node, pid).catch(lose);
    }, timeoutMs);
    try {
      const {exitCode, stdout, stderr} = await result;
      return killed
        ? {exitCode: timedOut, stdout, stderr: `${stderr}timed out after ${timeoutMs} ms\n`}
        : {exitCode, stdout, stderr};
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
    }
  };

  let queue: Promise<unknown> = Promise.resolve();
  let pid: number | undefined;
  stream.write(transcriptFunction);
  pid = Number((await execute('echo $$', firstWordMs)).stdout.toString());

  return {
    node,
    run(script, {label = script, timeoutMs = defaultTimeoutMs} = {}) {
      const result = queue.then(() => execute(script, timeoutMs));
      queue = result.catch(() => undefined);
      return result.then(done => {
        const {exitCode, stdout, stderr} = done;
        log?.({node, command: label, exitCode, stdout: loggable(stdout), stderr});
        return done;
      });
    },
    async close() {
      closed = true;
      await queue;
      stream.end();
      stream.destroy();
    },
  };
}

function loggable(output: Buffer): string {
  return output.length > loggedBytes || output.includes(0)
    ? `<${output.length} bytes>`
    : output.toString('utf8');
}

async function attachTo(container: Docker.Container, node: string): Promise<Duplex> {
  try {
    const stream = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    if (stream instanceof Duplex) return stream;
    throw new TypeError('the engine gave no two-way stream');
  } catch (error) {
    throw await lostNode(container, node, error);
  }
}

async function startExec(
  container: Docker.Container,
  node: string,
  command: readonly string[],
): Promise<Duplex> {
  try {
    const exec = await container.exec({
      Cmd: [...command],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Env: ['LC_ALL=C'],
    });
    return await exec.start({hijack: true, stdin: true});
  } catch (error) {
    throw await lostNode(container, node, error);
  }
}

/** Kills all that descends from the process, not itself: a stopped parent makes no more children. */
async function killChildren(container: Docker.Container, node: string, pid: number): Promise<void> {
  const script = [
    'end() { kill -STOP "$1"; for c in $(pgrep -P "$1"); do end "$c"; done; kill -KILL "$1"; }',
    `for child in $(pgrep -P ${pid}); do end "$child"; done`,
  ].join('\n');
  const stream = await startExec(container, node, ['sh', '-c', script]);
  stream.resume();
  await new Promise(resolve => stream.once('close', resolve));
}
