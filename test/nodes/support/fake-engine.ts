import {spawn} from 'node:child_process';
import {createServer, type IncomingMessage} from 'node:http';
import type {Socket} from 'node:net';
import Docker from 'dockerode';

/** A Docker API of one container named `node`, whose main process and execs are real processes of this machine. */
export interface FakeEngine {
  readonly engine: Docker;
  /** What `GET /containers/node/json` says of its state. */
  state: Record<string, unknown>;
  /** Requests seen, `METHOD /path`, and the bodies of those that had one. */
  readonly requests: {readonly line: string; readonly body: string}[];
  /** Answers for other requests by their line. */
  readonly answers: Map<string, {readonly status: number; readonly body: unknown}>;
  /** Cuts all connections of execs, as a container that ends does. */
  cut(): void;
  close(): void;
}

/** Starts it; frames of an exec are as small as the process's writes, headers and bytes written apart. */
export async function fakeEngine(): Promise<FakeEngine> {
  const commands: string[][] = [];
  const sockets = new Set<Socket>();
  const fake: Omit<FakeEngine, 'engine'> = {
    state: {Running: true, ExitCode: 0, Error: '', OOMKilled: false},
    requests: [],
    answers: new Map(),
    cut: () => sockets.forEach(socket => socket.destroy()),
    close() {
      this.cut();
      server.close();
      server.closeAllConnections();
    },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const line = `${request.method} ${decodeURIComponent(request.url ?? '')}`;
      fake.requests.push({line, body});
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, {'content-type': 'application/json'});
        response.end(Buffer.isBuffer(value) ? value : JSON.stringify(value));
      };
      const prepared = fake.answers.get(line.replace(/\?.*/, ''));
      if (prepared !== undefined) answer(prepared.status, prepared.body);
      else if (line === 'POST /containers/node/exec') {
        commands.push(JSON.parse(body).Cmd);
        answer(201, {Id: String(commands.length - 1)});
      } else if (line === 'GET /containers/node/json') answer(200, {State: fake.state});
      else if (line.startsWith('GET /containers/node/logs'))
        answer(200, frame(2, Buffer.from('last words\n')));
      else answer(404, {message: `no answer for ${line}`});
    })();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    sockets.add(socket);
    const path = request.url ?? '';
    // The main process of a node is its shell; there is one for each that attaches.
    const attached = path.startsWith('/containers/node/attach') ? ['sh'] : undefined;
    const [program = 'false', ...args] = attached ?? commands[Number(path.split('/')[2])] ?? [];
    let skip = Number(request.headers['content-length'] ?? 0);
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    const child = spawn(program, args, {stdio: 'pipe', detached: true});
    const take = (chunk: Buffer) => {
      const rest = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - rest.length;
      if (rest.length > 0) child.stdin.write(rest);
    };
    if (head.length > 0) take(head);
    socket.on('data', take);
    socket.on('end', () => child.stdin.end());
    socket.on('close', () => child.stdin.end());
    socket.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    const send = (stream: 1 | 2) => (bytes: Buffer) => {
      const framed = frame(stream, bytes);
      socket.write(framed.subarray(0, 5));
      socket.write(framed.subarray(5));
    };
    child.stdout.on('data', send(1));
    child.stderr.on('data', send(2));
    child.on('close', () => socket.end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return Object.assign(fake, {
    engine: new Docker({protocol: 'http', host: '127.0.0.1', port}),
  });
}

/** A frame of an exec's stream. */
export function frame(stream: 1 | 2, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
