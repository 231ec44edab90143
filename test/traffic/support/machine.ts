import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {nodeFolder} from '../../../src/nodes/http.ts';
import type {ExecResult, NodeShell} from '../../../src/nodes/types.ts';

/** A node that is this machine, with its real perl and a folder of its own. */
export interface Machine extends NodeShell {
  readonly folder: string;
  /** The lines of the access log. */
  logged(): readonly string[];
}

export function machine(t: ExecutionContext): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-'));
  mkdirSync(join(folder, 'traffic'));
  t.teardown(() => {
    rmSync(folder, {recursive: true, force: true});
  });
  return {
    node: 'client',
    folder,
    run: script => runScript(script.replaceAll(nodeFolder, folder)),
    close: async () => {},
    logged: () => readFileSync(join(folder, 'access.log'), 'utf8').split('\n').slice(0, -1),
  };
}

const runScript = (script: string): Promise<ExecResult> =>
  new Promise(resolve => {
    const child = spawn('sh', ['-c', script], {stdio: ['ignore', 'pipe', 'pipe']});
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', bytes => out.push(bytes));
    child.stderr.on('data', bytes => (stderr += bytes));
    child.on('close', code => resolve({exitCode: code ?? 1, stdout: Buffer.concat(out), stderr}));
  });

/** One request as an HTTP server saw it. */
export interface Seen {
  readonly token: string;
  readonly url: string;
  readonly peer: string;
  readonly connection: string;
  /** Connections open when it came, its own among them. */
  readonly open: number;
}

/** An HTTP server that answers as those of real servers do: the node's name, then the peer, then filler. */
export async function httpServer(
  t: ExecutionContext,
  host = '127.0.0.1',
): Promise<{
  readonly server: Server;
  readonly port: number;
  readonly seen: Seen[];
  /** `open` and `end` with the peer's port: how the connections came and went. */
  readonly events: string[];
}> {
  const seen: Seen[] = [];
  const events: string[] = [];
  let open = 0;
  const server = createServer({keepAliveTimeout: 60_000}, (request, response) => {
    seen.push({
      token: String(request.headers['x-lvslab-token']),
      url: request.url ?? '',
      peer: `${request.socket.remoteAddress ?? ''} ${request.socket.remotePort ?? 0}`,
      connection: String(request.headers.connection),
      open,
    });
    const filler = Number(/^\/fill\/(\d+)$/.exec(request.url ?? '')?.[1]);
    const body = `rs1${' '.repeat(17)}\n${'127.0.0.1:1'.padEnd(42)}\n${'x'.repeat(filler)}`;
    response.setHeader('content-length', body.length).end(body);
  });
  server.on('connection', socket => {
    const {remotePort} = socket;
    open += 1;
    events.push(`open ${remotePort}`);
    socket.on('end', () => events.push(`end ${remotePort}`));
    socket.on('close', () => (open -= 1));
  });
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {server, port: portOf(server.address()), seen, events};
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
