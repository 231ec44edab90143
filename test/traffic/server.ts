import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {createSocket} from 'node:dgram';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openConnections, releaseConnections} from '../../src/traffic/connections.ts';
import {messageServerScript} from '../../src/traffic/server.ts';
import type {Connections} from '../../src/traffic/types.ts';
import {type Machine, machine} from './support/machine.ts';

type Protocol = 'udp' | 'sctp';

const sctpIsThere =
  spawnSync('perl', ['-MSocket', '-e', 'socket my $s, AF_INET, SOCK_STREAM, 132 or exit 1'])
    .status === 0;

const protocols: readonly Protocol[] = sctpIsThere ? ['udp', 'sctp'] : ['udp'];
if (!sctpIsThere) test.skip('SCTP as UDP: this kernel has no SCTP', t => t.fail());

async function start(
  t: ExecutionContext,
  node: Machine,
  protocol: Protocol,
  addresses: readonly string[],
  name = 'rs1',
): Promise<number> {
  const port = await freePort();
  await startAt(node, {node: name, protocol, port, addresses}, t);
  t.teardown(() => {
    for (const file of readdirSync(join(node.folder, 'traffic')))
      if (file.endsWith('.pid'))
        process.kill(Number(readFileSync(join(node.folder, 'traffic', file), 'utf8')));
  });
  return port;
}

async function startAt(
  node: Machine,
  options: Parameters<typeof messageServerScript>[0],
  t: ExecutionContext,
): Promise<void> {
  const {exitCode, stderr} = await node.run(messageServerScript(options));
  t.deepEqual({exitCode, stderr}, {exitCode: 0, stderr: ''});
}

const messages = (
  protocol: Protocol,
  port: number,
  more: Partial<Connections> = {},
): Connections => ({
  protocol,
  address: '127.0.0.1',
  port,
  connections: [{}],
  messages: 1,
  bytes: 100,
  timeout: 5,
  ...more,
});

for (const protocol of protocols) {
  const title = (text: string): string => `${protocol}: ${text}`;

  const answers = test.macro(async (t, address: string, bytes: number) => {
    const node = machine(t);
    const port = await start(t, node, protocol, ['127.0.0.1', '::1']);
    const records = await openConnections(
      node,
      messages(protocol, port, {address, bytes, connections: [{}, {}], messages: 2}),
    );
    t.deepEqual(
      records.map(({message, answered, exitCode, answeredBy, status}) => [
        message,
        answered,
        exitCode,
        answeredBy,
        status,
      ]),
      [1, 2, 1, 2].map(message => [message, true, 0, 'rs1', 0]),
    );
    const peer = (local: string, localPort: number): string =>
      local.includes(':') ? `[${local}]:${localPort}` : `${local}:${localPort}`;
    t.deepEqual(
      node.logged(),
      records.map(
        ({token, localAddress, localPort}) =>
          `${peer(localAddress, localPort)} ${token} ${protocol}`,
      ),
    );
    t.is(records[0]?.localPort, records[1]?.localPort);
    t.not(records[1]?.localPort, records[2]?.localPort);
  });
  test(title('messages are answered over IPv4'), answers, '127.0.0.1', 64);
  test(title('messages are answered over IPv6'), answers, '::1', 1400);
  test(title('an answer may fill a message'), answers, '127.0.0.1', 65_507);

  test(title('addresses and ports of the client are chosen and connections held'), async t => {
    const node = machine(t);
    const port = await start(t, node, protocol, ['127.0.0.1']);
    const sourcePort = await freePort();
    const records = await openConnections(
      node,
      messages(protocol, port, {
        hold: 'two',
        connections: [
          {source: '127.0.0.2', sourcePort},
          {source: '127.0.0.3', sourcePort},
        ],
      }),
    );
    t.deepEqual(
      records.map(({answered, localAddress, localPort}) => [answered, localAddress, localPort]),
      [
        [true, '127.0.0.2', sourcePort],
        [true, '127.0.0.3', sourcePort],
      ],
    );
    // Still held: the port is in use.
    const again = messages(protocol, port, {connections: [{source: '127.0.0.2', sourcePort}]});
    t.is((await openConnections(node, again))[0]?.exitCode, 45);
    await releaseConnections(node, 'two');
    t.true((await openConnections(node, again))[0]?.answered);
  });

  test(title('the next server takes the place of the one before'), async t => {
    const node = machine(t);
    const port = await start(t, node, protocol, ['127.0.0.1']);
    await startAt(node, {node: 'rs2', protocol, port, addresses: ['127.0.0.1', '127.0.0.9']}, t);
    const records = await Promise.all(
      ['127.0.0.1', '127.0.0.9'].map(address =>
        openConnections(node, messages(protocol, port, {address})),
      ),
    );
    t.deepEqual(
      records.flat().map(({answeredBy}) => answeredBy),
      ['rs2', 'rs2'],
    );
  });
}

test('an answer has the wanted length and comes from the address that was asked', async t => {
  const node = machine(t);
  const port = await start(t, node, 'udp', ['127.0.0.5', '127.0.0.6']);
  const client = createSocket('udp4');
  t.teardown(() => client.close());
  for (const address of ['127.0.0.5', '127.0.0.6']) {
    const answer = new Promise<{bytes: Buffer; from: string}>(resolve =>
      client.once('message', (bytes, from) =>
        resolve({bytes, from: `${from.address} ${from.port}`}),
      ),
    );
    client.send('junk', port, address);
    client.send('lvslab nobody-1-1 100\n', port, address);
    const {bytes, from} = await answer;
    t.is(from, `${address} ${port}`);
    t.is(
      bytes.toString(),
      `rs1${' '.repeat(17)}\nnobody-1-1${' '.repeat(32)}\n${'x'.repeat(100 - 64)}`,
    );
  }
});

test('a server at an address that the node does not have does not start', async t => {
  const script = messageServerScript({
    node: 'rs1',
    protocol: 'udp',
    port: 5300,
    addresses: ['192.0.2.1'],
  });
  const {exitCode, stderr} = await machine(t).run(script);
  t.not(exitCode, 0);
  t.regex(stderr, /cannot serve at 192\.0\.2\.1: /);
});

/** A port that no socket of any family and protocol is likely to have. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp6');
  await new Promise<void>(resolve => socket.bind(0, '::', resolve));
  const {port} = socket.address();
  socket.close();
  return port;
}

for (const protocol of protocols)
  test(`${protocol}: a request may have filler`, async t => {
    const node = machine(t);
    const port = await start(t, node, protocol, ['127.0.0.1']);
    const records = await openConnections(
      node,
      messages(protocol, port, {upload: 30_000, bytes: 5000, messages: 2}),
    );
    t.deepEqual(
      records.map(({answered, exitCode}) => [answered, exitCode]),
      [
        [true, 0],
        [true, 0],
      ],
    );
  });
