import {chmod} from 'node:fs/promises';
import {createServer} from 'node:net';
import type {Socket} from 'node:net';
import {InputError} from '../../problem.ts';
import type {Mux} from './mux.ts';

/** unix(7): sun_path has 108 bytes, with the NUL at the end. */
const longestSocketPath = 107;

/** Throws InputError for a path that is too long for a unix socket. */
export function checkSocketPath(path: string): void {
  const length = Buffer.byteLength(path);
  if (length > longestSocketPath)
    throw new InputError({
      what: 'the path is too long for a unix socket',
      where: path,
      value: `${length} bytes`,
      valid: [`at most ${longestSocketPath} bytes`],
      next: 'set LVSLAB_RUNTIME to a folder with a short path',
    });
}

/**
 * Makes each connection to a unix socket at `path` (mode 0600) a stream to a service of the guest. Half-close passes through
 * in both directions: the output of an exec would be lost otherwise. Errors: InputError when the path is too long; as listen(2).
 */
export async function serveSocket(
  mux: Pick<Mux, 'open'>,
  path: string,
  service = 'docker',
): Promise<{close(): Promise<void>}> {
  checkSocketPath(path);
  const sockets = new Set<Socket>();
  const server = createServer({allowHalfOpen: true}, socket => {
    sockets.add(socket);
    const stream = mux.open(service);
    socket.pipe(stream).pipe(socket);
    socket.on('error', () => stream.destroy());
    stream.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      stream.destroy();
    });
    stream.on('close', () => {
      // What was piped to the socket is still on its way to the client.
      if (socket.writableEnded) return;
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return {
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
