import {spawn} from 'node:child_process';
import {createServer} from 'node:http';
import test from 'ava';
import {answerHeadLength} from '../../src/nodes/http.ts';
import type {ExecResult, NodeShell} from '../../src/nodes/types.ts';
import {BrokenLabError} from '../../src/problem.ts';
import {curlConfig, parseCurl} from '../../src/traffic/curl.ts';
import {runHttp} from '../../src/traffic/http.ts';

/** A client that is this machine, with its real curl. */
const client: NodeShell = {
  node: 'client',
  run: script =>
    new Promise<ExecResult>(resolve => {
      const child = spawn('sh', ['-c', script], {stdio: ['ignore', 'pipe', 'pipe']});
      const out: Buffer[] = [];
      let stderr = '';
      child.stdout.on('data', bytes => out.push(bytes));
      child.stderr.on('data', bytes => (stderr += bytes));
      child.on('close', code => resolve({exitCode: code ?? 1, stdout: Buffer.concat(out), stderr}));
    }),
  close: async () => {},
};

test('requests go one after the other, each on a connection of its own with a token of its own', async t => {
  const seen: {token: string; port: number; url: string}[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    seen.push({
      token: String(request.headers['x-lvslab-token']),
      port: request.socket.remotePort ?? 0,
      url: request.url ?? '',
    });
    response.end(`rs${seen.length}${' '.repeat(16)}\n192.0.2.1\n${'x'.repeat(4000)}`);
  }).on('connection', () => (connections += 1));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const requests = {address: '127.0.0.1', port, requests: 3, bytes: 4096, timeout: 10};
  const records = await runHttp(client, requests);
  t.is(connections, 3);
  t.deepEqual(
    records.map(({answeredBy, status, exitCode}) => [answeredBy, status, exitCode]),
    [
      ['rs1', 200, 0],
      ['rs2', 200, 0],
      ['rs3', 200, 0],
    ],
  );
  t.deepEqual(
    records.map(({token, localPort}) => ({token, port: localPort})),
    seen.map(({token, port: from}) => ({token, port: from})),
  );
  t.is(new Set(records.map(({token}) => token)).size, 3);
  t.is(seen[0]?.url, `/fill/00${4096 - answerHeadLength}`);
});

test('a refused connection is a record, and later requests are still made', async t => {
  const records = await runHttp(client, {
    address: '::1',
    port: 1,
    requests: 2,
    bytes: 64,
    timeout: 5,
  });
  t.deepEqual(
    records.map(({status, exitCode, answeredBy, url}) => ({status, exitCode, answeredBy, url})),
    [1, 2].map(() => ({
      status: 0,
      exitCode: 7,
      answeredBy: '',
      url: 'http://[::1]:1/fill/000000',
    })),
  );
});

test('a curl that does not run breaks the lab', async t => {
  const shell: NodeShell = {
    ...client,
    run: async () => ({exitCode: 127, stdout: Buffer.alloc(0), stderr: 'curl: not found'}),
  };
  await t.throwsAsync(
    runHttp(shell, {address: '192.0.2.1', port: 80, requests: 2, bytes: 64, timeout: 5}),
    {instanceOf: BrokenLabError, message: /made 0 of 2 requests(.|\n)*curl: not found/},
  );
});

test('an answer may hold anything but the nonce', t => {
  const line = (status: string) =>
    `\nN {"status":"${status}","exitCode":0,"localAddress":"192.0.2.1","localPort":40000}\n`;
  const output = `rs1\n\nN2 {}\n"quoted"${line('200')}${line('000').replace('40000', '-1')}`;
  const result = {exitCode: 0, localAddress: '192.0.2.1'};
  t.deepEqual(parseCurl(output, 'N'), [
    {...result, status: 200, localPort: 40000, body: 'rs1\n\nN2 {}\n"quoted"'},
    {...result, status: 0, localPort: 0, body: ''},
  ]);
  t.deepEqual(parseCurl('cut off\nN {"sta', 'N'), []);
});

test('words of the configuration are quoted', t => {
  const config = curlConfig([{url: 'http://a/"\n-o /etc/passwd\\', token: 't', timeout: 1}], 'N');
  t.true(config.startsWith('url = "http://a/\\"\\n-o /etc/passwd\\\\"\ngloboff\n'));
});
