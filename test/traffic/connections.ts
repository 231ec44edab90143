import {createSocket} from 'node:dgram';
import {createServer, type Socket} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {BrokenLabError, InputError} from '../../src/problem.ts';
import {
  askHeld,
  beginChat,
  endChat,
  openConnections,
  releaseConnections,
} from '../../src/traffic/connections.ts';
import type {Connections} from '../../src/traffic/types.ts';
import {httpServer, machine, portOf} from './support/machine.ts';

const tcp = (port: number, more: Partial<Connections> = {}): Connections => ({
  protocol: 'tcp',
  address: '127.0.0.1',
  port,
  connections: [{}],
  messages: 1,
  bytes: 100,
  timeout: 5,
  ...more,
});

test('each connection asks once, with a token of its own, and is closed before the next is opened', async t => {
  const {port, seen} = await httpServer(t);
  const records = await openConnections(machine(t), tcp(port, {connections: [{}, {}, {}]}));
  t.deepEqual(
    records.map(({token, localAddress, localPort}) => ({
      token,
      peer: `${localAddress} ${localPort}`,
    })),
    seen.map(({token, peer}) => ({token, peer})),
  );
  t.is(new Set(records.map(({token}) => token)).size, 3);
  t.deepEqual(
    seen.map(({url, connection, open}) => ({url, connection, open})),
    [1, 2, 3].map(() => ({url: '/fill/000036', connection: 'close', open: 1})),
  );
  t.like(records[2], {
    client: 'client',
    url: `http://127.0.0.1:${port}/fill/000036`,
    message: 1,
    answered: true,
    status: 200,
    exitCode: 0,
    answeredBy: 'rs1',
  });
});

test('several messages go on one connection, and only the last one ends it', async t => {
  const {port, seen, events} = await httpServer(t);
  const records = await openConnections(
    machine(t),
    tcp(port, {connections: [{}, {}], messages: 3, bytes: 300_000}),
  );
  t.deepEqual(
    records.map(({message, answered}) => [message, answered]),
    [1, 2, 3, 1, 2, 3].map(message => [message, true]),
  );
  t.is(events.filter(event => event.startsWith('open')).length, 2);
  t.deepEqual(
    seen.map(({connection}) => connection),
    ['keep-alive', 'keep-alive', 'close', 'keep-alive', 'keep-alive', 'close'],
  );
  t.is(new Set(records.map(({token}) => token)).size, 6);
});

test('addresses and ports of the client can be chosen, and a port used again', async t => {
  const {port, seen} = await httpServer(t);
  const sourcePort = await freePort();
  const connections = [
    {source: '127.0.0.2', sourcePort},
    {source: '127.0.0.3', sourcePort},
    {source: '127.0.0.2', sourcePort},
    {sourcePort},
    {source: '127.0.0.4'},
  ];
  const records = await openConnections(machine(t), tcp(port, {connections}));
  t.deepEqual(
    seen.slice(0, 4).map(({peer}) => peer),
    ['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.1'].map(source => `${source} ${sourcePort}`),
  );
  t.true(seen[4]?.peer.startsWith('127.0.0.4 '));
  t.true(records.every(({answered}) => answered));
});

test('each connection may have a destination of its own', async t => {
  const servers = [await httpServer(t), await httpServer(t, '127.0.0.9')];
  const connections = [
    {},
    {to: {address: '127.0.0.9', port: servers[1]?.port ?? 0}},
    {source: '127.0.0.2'},
  ];
  const records = await openConnections(machine(t), tcp(servers[0]?.port ?? 0, {connections}));
  t.deepEqual(
    servers.map(({seen}) => seen.map(({token}) => token)),
    [[0, 2], [1]].map(list => list.map(i => records[i]?.token ?? '')),
  );
  t.true(records.every(({answered}) => answered));
});

test('IPv6 works as IPv4 does', async t => {
  const {port, seen} = await httpServer(t, '::1');
  const [record] = await openConnections(machine(t), tcp(port, {address: '::1'}));
  t.like(record, {
    url: `http://[::1]:${port}/fill/000036`,
    answered: true,
    localAddress: '::1',
  });
  t.is(seen[0]?.peer, `::1 ${record?.localPort}`);
});

test('held connections are open together until they are released, then closed in order', async t => {
  const {port, seen, events} = await httpServer(t);
  const client = machine(t);
  const held = tcp(port, {connections: Array.from({length: 20}, () => ({})), hold: 'all'});
  const records = await openConnections(client, held);
  t.is(seen.at(-1)?.open, 20);
  t.true(seen.every(({connection}) => connection === 'keep-alive'));
  // Another client runs meanwhile: nothing has been closed by it.
  await openConnections(client, tcp(port));
  const ports = records.map(({localPort}) => localPort);
  t.deepEqual(
    events.filter(event => event.startsWith('end') && ports.includes(Number(event.slice(4)))),
    [],
  );
  await t.throwsAsync(openConnections(client, held), {
    instanceOf: BrokenLabError,
    message: /held at .*all.hold already/,
  });
  await releaseConnections(client, 'all');
  t.deepEqual(
    events.slice(-20),
    ports.map(local => `end ${local}`),
  );
  await t.throwsAsync(releaseConnections(client, 'all'), {
    instanceOf: BrokenLabError,
    message: /no connections are held/,
  });
  // The name is free again.
  await openConnections(client, {...held, connections: [{}]});
  await releaseConnections(client, 'all');
});

test('held connections are asked again, each on its own connection', async t => {
  const {port, seen} = await httpServer(t);
  const client = machine(t);
  const held = tcp(port, {connections: [{}, {}], messages: 2, hold: 'again'});
  const first = await openConnections(client, held);
  const more = await askHeld(client, held, {messages: 2, timeout: 5});
  t.deepEqual(
    more.map(({message, answered, url}) => ({message, answered, url})),
    [3, 3, 4, 4].map(message => ({message, answered: true, url: first[0]?.url ?? ''})),
  );
  t.deepEqual(
    more.map(({localPort}) => localPort).toSorted((a, b) => a - b),
    first.map(({localPort}) => localPort).toSorted((a, b) => a - b),
  );
  t.is(new Set([...first, ...more].map(({token}) => token)).size, 8);
  t.is(new Set(seen.map(({peer}) => peer)).size, 2);
  await releaseConnections(client, 'again');
  await t.throwsAsync(askHeld(client, held, {messages: 1, timeout: 5}), {
    instanceOf: BrokenLabError,
    message: /did not ask again/,
  });
});

test('a chat goes on until it is enough, and all of its messages are told', async t => {
  const {port, seen} = await httpServer(t);
  const client = machine(t);
  const held = tcp(port, {connections: [{}, {}], hold: 'chat'});
  await openConnections(client, held);
  await beginChat(client, held, {timeout: 5});
  const before = seen.length;
  t.true(before >= 4);
  while (seen.length < before + 4) await setTimeout(20);
  const records = await endChat(client, held, {timeout: 5});
  t.true(records.every(({answered}) => answered));
  t.is(records.length, seen.length - 2);
  t.deepEqual(
    records.slice(0, 4).map(({message}) => message),
    [2, 2, 3, 3],
  );
  const [again] = await askHeld(client, held, {messages: 1, timeout: 5});
  t.is(again?.message, records.length / 2 + 2);
  await releaseConnections(client, 'chat');
});

test('a held connection that the server has closed fails, and the others go on', async t => {
  const {server, port} = await httpServer(t);
  const sockets = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => sockets.set(socket.remotePort, socket));
  const client = machine(t);
  const held = tcp(port, {connections: [{}, {}], hold: 'dropped'});
  const [first, second] = await openConnections(client, held);
  sockets.get(first?.localPort)?.destroy();
  const more = await askHeld(client, held, {messages: 2, timeout: 5});
  t.deepEqual(
    more.map(({localPort, answered}) => [localPort, answered]),
    [
      [first?.localPort, false],
      [second?.localPort, true],
      [second?.localPort, true],
    ],
  );
  await releaseConnections(client, 'dropped');
});

test('a hold of connections that all failed can be released too', async t => {
  const client = machine(t);
  const records = await openConnections(client, tcp(await freePort(), {hold: 'none'}));
  t.is(records[0]?.exitCode, 7);
  await t.notThrowsAsync(releaseConnections(client, 'none'));
});

const nothing = {answered: false, status: 0, answeredBy: ''};

test('a refused connection is a record with its port, its further messages are not tried, and the next goes on', async t => {
  const records = await openConnections(
    machine(t),
    tcp(await freePort(), {connections: [{}, {}], messages: 2}),
  );
  t.is(records.length, 2);
  for (const record of records) {
    t.like(record, {...nothing, exitCode: 7, message: 1, localAddress: '127.0.0.1'});
    t.true(record.localPort > 0);
  }
});

test('an answer that does not come in time is a record', async t => {
  const {port} = await tcpServer(t, () => {});
  const started = performance.now();
  const [record] = await openConnections(machine(t), tcp(port, {timeout: 0.3}));
  t.like(record, {...nothing, exitCode: 28});
  t.true(performance.now() - started < 5000);
});

const broken = test.macro({
  title: given => `${given} has an exit code of its own`,
  async exec(t, serve: (socket: Socket) => void, expected: object) {
    const {port} = await tcpServer(t, serve);
    const [record] = await openConnections(machine(t), tcp(port));
    t.like(record, expected);
  },
});
test('a connection reset', broken, socket => socket.resetAndDestroy(), {...nothing, exitCode: 56});
test('an end without an answer', broken, socket => socket.end(), {...nothing, exitCode: 52});
test(
  'an answer cut short',
  broken,
  socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nrs1\nabc'),
  {status: 200, exitCode: 18, answeredBy: 'rs1'},
);
test('an answer that is no HTTP', broken, socket => socket.end('SSH-2.0\r\n\r\n'), {
  ...nothing,
  exitCode: 8,
});
test(
  'another status',
  broken,
  socket => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\n"\\\n'),
  {...nothing, status: 404, exitCode: 0},
);

test('a source that is not this node is a record', async t => {
  const {port} = await httpServer(t);
  const connections = [{source: '192.0.2.1'}, {}];
  const records = await openConnections(machine(t), tcp(port, {connections}));
  t.like(records[0], {...nothing, exitCode: 45, localAddress: '192.0.2.1', localPort: 0});
  t.true(records[1]?.answered);
});

test('a datagram to a port that nobody listens on is refused, and the next is sent nevertheless', async t => {
  const port = await freePort();
  const records = await openConnections(
    machine(t),
    tcp(port, {protocol: 'udp', messages: 2, address: '::1'}),
  );
  t.deepEqual(
    records.map(({message, exitCode, url}) => ({message, exitCode, url})),
    [1, 2].map(message => ({message, exitCode: 7, url: `udp://[::1]:${port}`})),
  );
  t.is(records[0]?.localPort, records[1]?.localPort);
});

test('an answer that comes late is not taken for the next one', async t => {
  const server = createSocket('udp4');
  let late: string | undefined;
  server.on('message', (request, {port, address}) => {
    const token = request.toString().split(' ')[1] ?? '';
    const answer = (name: string, to: string): void =>
      server.send(`${name}${' '.repeat(17)}\n${to.padEnd(42)}\n`, port, address);
    if (late === undefined) late = token;
    else {
      answer('rs1', late);
      answer('rs2', token);
    }
  });
  await new Promise<void>(resolve => server.bind(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const records = await openConnections(
    machine(t),
    tcp(server.address().port, {protocol: 'udp', messages: 2, timeout: 3}),
  );
  t.deepEqual(
    records.map(({exitCode, answeredBy, answered}) => ({exitCode, answeredBy, answered})),
    [
      {exitCode: 28, answeredBy: '', answered: false},
      {exitCode: 0, answeredBy: 'rs2', answered: true},
    ],
  );
});

test('a client program that does not run breaks the lab', async t => {
  await t.throwsAsync(openConnections(machine(t), tcp(80, {address: 'localhost'})), {
    instanceOf: BrokenLabError,
    message: /no address of this family: localhost/,
  });
  const silent = {
    ...machine(t),
    run: async () => ({exitCode: 0, stdout: Buffer.alloc(0), stderr: ''}),
  };
  await t.throwsAsync(openConnections(silent, tcp(80)), {instanceOf: BrokenLabError});
});

test('what a shell would run is only a word', async t => {
  await t.throwsAsync(
    openConnections(machine(t), tcp(80, {connections: [{source: "'; echo end; '"}]})),
    {message: /no address of this family: '; echo end; '/},
  );
});

test('a hold has a plain name', async t => {
  for (const hold of ['', '../x', 'a b', 'x'.repeat(41)]) {
    await t.throwsAsync(releaseConnections(machine(t), hold), {instanceOf: InputError});
    await t.throwsAsync(openConnections(machine(t), tcp(80, {hold})), {instanceOf: InputError});
  }
});

test('an answer that no datagram holds is not asked for', async t => {
  await t.throwsAsync(openConnections(machine(t), tcp(80, {protocol: 'udp', bytes: 65_508})), {
    instanceOf: InputError,
    message: /65508 bytes/,
  });
});

async function tcpServer(
  t: Parameters<typeof machine>[0],
  serve: (socket: Socket) => void,
): Promise<{port: number}> {
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.once('data', () => serve(socket));
    t.teardown(() => socket.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return {port: portOf(server.address())};
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '::', resolve));
  const port = portOf(server.address());
  await new Promise(resolve => server.close(resolve));
  return port;
}
