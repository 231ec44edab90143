import {spawn} from 'node:child_process';
import {createServer, type Server, type Socket} from 'node:net';
import test from 'ava';
import type {ExecResult, NodeShell} from '../../src/nodes/types.ts';
import {BrokenLabError} from '../../src/problem.ts';
import {runFtp} from '../../src/traffic/ftp.ts';

/** A client that is this machine, with its real curl. */
const client = (curl?: string): NodeShell => ({
  node: 'client',
  run: script =>
    new Promise<ExecResult>(resolve => {
      const child = spawn('sh', [
        '-c',
        curl === undefined ? script : `curl() { ${curl}; }\n${script}`,
      ]);
      const out: Buffer[] = [];
      let stderr = '';
      child.stdout.on('data', bytes => out.push(bytes));
      child.stderr.on('data', bytes => (stderr += bytes));
      child.on('close', code => resolve({exitCode: code ?? 1, stdout: Buffer.concat(out), stderr}));
    }),
  close: async () => {},
});

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const listen = (server: Server): Promise<void> =>
  new Promise(resolve => void server.listen(0, '127.0.0.1', resolve));

/** As much of an FTP server as curl asks for, which notes what it was told. */
async function ftpServer(file: string, said: string[]): Promise<Server> {
  const answer = async (socket: Socket, line: string, state: {data?: Server}): Promise<void> => {
    const [command = ''] = line.split(' ');
    const write = (text: string) => void socket.write(`${text}\r\n`);
    if (command === 'PASV' || command === 'EPSV') {
      const data = createServer(peer => peer.end(file));
      state.data = data;
      await listen(data);
      const port = portOf(data);
      write(
        command === 'EPSV'
          ? `229 Entering Extended Passive Mode (|||${port}|)`
          : `227 Entering Passive Mode (127,0,0,1,${port >> 8},${port & 255}).`,
      );
    } else if (command === 'RETR') {
      write('150 here it comes');
      setTimeout(() => {
        write('226 done');
        state.data?.close();
      }, 50);
    } else if (command === 'QUIT') socket.end('221 bye\r\n');
    else
      write(
        {USER: '331 and?', PASS: '230 in', PWD: '257 "/"', SIZE: '213 64'}[command] ?? '200 fine',
      );
  };
  const server = createServer(socket => {
    const state = {};
    socket.write('220 ready\r\n');
    socket.on('error', () => undefined);
    socket.on('data', bytes => {
      for (const line of bytes.toString().trim().split('\r\n')) {
        said.push(line);
        void answer(socket, line, state);
      }
    });
  });
  await listen(server);
  return server;
}

const file = `rs1${' '.repeat(17)}\n${'x'.repeat(43)}`;
const sessions = {address: '127.0.0.1', sessions: 2, transfers: 2, bytes: 64, timeout: 10} as const;

test('each session is one control connection with a token, over which the file is fetched so often', async t => {
  const said: string[] = [];
  const server = await ftpServer(file, said);
  t.teardown(() => server.close());
  const records = await runFtp(client(), {...sessions, port: portOf(server), command: 'PASV'});
  t.deepEqual(
    records.map(({message, answered, status, exitCode, answeredBy}) => [
      message,
      answered,
      status,
      exitCode,
      answeredBy,
    ]),
    [1, 2, 1, 2].map(message => [message, true, 226, 0, 'rs1']),
  );
  const ports = records.map(({localPort}) => localPort);
  t.is(new Set(ports).size, 2);
  t.is(ports[0], ports[1]);
  t.deepEqual(
    said.filter(line => line.startsWith('PASS')),
    [records[0], records[2]].map(record => `PASS ${record?.token}`),
  );
  t.is(said.filter(line => line === 'PASV').length, 4);
  t.false(said.includes('EPSV'));
});

test('EPSV is asked for without PASV', async t => {
  const said: string[] = [];
  const server = await ftpServer(file, said);
  t.teardown(() => server.close());
  const records = await runFtp(client(), {...sessions, port: portOf(server), command: 'EPSV'});
  t.true(records.every(({answered}) => answered));
  t.is(said.filter(line => line === 'EPSV').length, 4);
  t.false(said.includes('PASV'));
});

test('a file of another length is no answer, and a refused session is a record', async t => {
  const server = await ftpServer(file.slice(1), []);
  const port = portOf(server);
  t.teardown(() => server.close());
  const short = await runFtp(client(), {...sessions, port, command: 'PASV'});
  t.true(short.every(({answered}) => !answered));
  const closed = await ftpServer('', []);
  const nobody = portOf(closed);
  await new Promise(resolve => closed.close(resolve));
  const refused = await runFtp(client(), {...sessions, port: nobody, command: 'PASV'});
  t.deepEqual(
    refused.map(({exitCode}) => exitCode),
    [7, 7, 7, 7],
  );
});

test('a client without curl breaks the lab', async t => {
  await t.throwsAsync(runFtp(client('false'), {...sessions, port: 9, command: 'PORT'}), {
    instanceOf: BrokenLabError,
    message: /made 0 of 4 transfers/,
  });
});
