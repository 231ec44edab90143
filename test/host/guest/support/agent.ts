import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import type {Server, Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Mux} from '../../../../src/host/guest/mux.ts';

const agent = fileURLToPath(new URL('../../../../src/host/guest/inside/agent.pl', import.meta.url));

/** The guest's real agent, on this machine, over a unix socket in place of the virtio port. */
export interface Rig {
  readonly mux: Mux;
  readonly folder: string;
  killAgent(): void;
  close(): Promise<void>;
}

export const listen = async (server: Server, path: string): Promise<void> => {
  server.listen(path);
  await once(server, 'listening');
};

/** Starts the agent; `docker` serves each connection to what it takes for dockerd's socket. */
export async function startRig(docker: (socket: Socket) => void = () => {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-mux-'));
  const port = createServer();
  const dockerd = createServer({allowHalfOpen: true}, socket => {
    socket.on('error', () => {});
    docker(socket);
  });
  await listen(port, join(folder, 'port'));
  await listen(dockerd, join(folder, 'docker'));
  const accepted = new Promise<Socket>(resolve => port.once('connection', resolve));
  const child = spawn('perl', [agent, join(folder, 'port'), join(folder, 'docker')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  const mux = new Mux(await accepted);
  await mux.reset();
  return {
    mux,
    folder,
    killAgent: () => child.kill('SIGKILL'),
    close: async () => {
      mux.close();
      await ended;
      port.close();
      dockerd.close();
      rmSync(folder, {recursive: true});
    },
  };
}
