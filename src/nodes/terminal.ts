import type {Duplex} from 'node:stream';
import type Docker from 'dockerode';
import {Demux, type Piece} from './demux.ts';

/**
 * Runs a command in a container with the caller's terminal: raw keys in, the terminal's size kept. Resolves with the
 * command's exit code.
 */
export async function attachTerminal(
  container: Docker.Container,
  command: readonly string[],
  {stdin, stdout}: {readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream},
): Promise<number> {
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
    Env: [`TERM=${process.env['TERM'] ?? 'dumb'}`],
  });
  const stream = await exec.start({hijack: true, stdin: true, Tty: true});
  const resize = (): void => {
    void exec.resize({h: stdout.rows, w: stdout.columns}).catch(() => undefined);
  };
  if (stdout.isTTY) resize();
  stdout.on('resize', resize);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.pipe(stream);
  stream.pipe(stdout, {end: false});
  try {
    await ended(stream);
  } finally {
    stdout.off('resize', resize);
    stdin.unpipe(stream);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  }
  return (await exec.inspect()).ExitCode ?? 0;
}

/**
 * Runs a command in a container and passes its outputs on as they come; `stop` interrupts it. Resolves with its exit
 * code, once it has ended and everything was passed on.
 */
export async function streamCommand(
  container: Docker.Container,
  command: readonly string[],
  outputs: {
    readonly stdout: (bytes: Buffer) => void | Promise<void>;
    readonly stderr: (bytes: Buffer) => void;
  },
  stop?: AbortSignal,
): Promise<number> {
  // The pid is told first: ending the connection would leave the command running.
  const exec = await container.exec({
    Cmd: ['sh', '-c', 'echo $$ >&2; exec "$@"', 'sh', ...command],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({hijack: true, stdin: false});
  const demux: AsyncIterable<Piece> & NodeJS.WritableStream = stream.pipe(new Demux());
  let pid = '';
  const interrupt = (): void => {
    void container
      .exec({Cmd: ['kill', '-INT', pid.trim()]})
      .then(kill => kill.start({Detach: true}))
      .catch(() => stream.destroy());
  };
  stop?.addEventListener('abort', interrupt, {once: true});
  for await (const {stream: name, bytes} of demux) {
    if (name === 'stdout') await outputs.stdout(bytes);
    else if (pid.endsWith('\n')) outputs.stderr(bytes);
    else {
      const text = pid + bytes.toString('latin1');
      const end = text.indexOf('\n') + 1;
      pid = end === 0 ? text : text.slice(0, end);
      if (end > 0 && end < text.length) outputs.stderr(Buffer.from(text.slice(end), 'latin1'));
    }
  }
  stop?.removeEventListener('abort', interrupt);
  return (await exec.inspect()).ExitCode ?? 0;
}

const ended = (stream: Duplex): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', reject);
  });
