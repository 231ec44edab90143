import {statSync} from 'node:fs';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {join} from 'node:path';
import {buffer, text} from 'node:stream/consumers';
import {once} from 'node:events';
import test from 'ava';
import {checkSocketPath, serveSocket} from '../../../src/host/guest/serve.ts';
import {InputError} from '../../../src/problem.ts';
import {startRig} from './support/agent.ts';

const lateAnswer = (socket: Socket): void => {
  let sent = '';
  socket.on('data', chunk => (sent += chunk.toString()));
  socket.on('end', () => socket.end(`heard ${sent}`));
};

test('each connection to the served socket is a stream, and half-close passes through', async t => {
  const rig = await startRig(lateAnswer);
  const path = join(rig.folder, 'served');
  const server = await serveSocket(rig.mux, path);
  t.is(statSync(path).mode & 0o777, 0o600);
  const answers = await Promise.all(
    ['one', 'two', 'three'].map(async word => {
      const client = connect({path, allowHalfOpen: true});
      client.end(word);
      return text(client);
    }),
  );
  t.deepEqual(answers, ['heard one', 'heard two', 'heard three']);
  await server.close();
  await rig.close();
});

test('a client that breaks off ends its stream in the guest', async t => {
  const sockets: Socket[] = [];
  const rig = await startRig(socket => {
    socket.write('hello');
    socket.resume();
    sockets.push(socket);
  });
  const server = await serveSocket(rig.mux, join(rig.folder, 'served'));
  const client = connect(join(rig.folder, 'served'));
  await once(client, 'data');
  client.destroy();
  t.is(sockets.length, 1);
  for (const socket of sockets) if (!socket.readableEnded) await once(socket, 'end');
  await server.close();
  await rig.close();
});

test('a client of a guest whose agent dies sees its connection end', async t => {
  const rig = await startRig(socket => socket.write('hello'));
  const server = await serveSocket(rig.mux, join(rig.folder, 'served'));
  const client = connect({path: join(rig.folder, 'served'), allowHalfOpen: true});
  const all = buffer(client).catch(() => Buffer.from('broken'));
  await once(client, 'connect');
  await rig.mux.exec('true');
  rig.killAgent();
  t.regex((await all).toString(), /^(hello|broken|)$/);
  await server.close();
  await rig.close();
});

test('a path too long for a socket is refused with its length and the way out', t => {
  t.notThrows(() => checkSocketPath(`/${'a'.repeat(106)}`));
  const error = t.throws(() => checkSocketPath(`/${'a'.repeat(107)}`), {instanceOf: InputError});
  t.regex(error.message, /108 bytes[\s\S]*at most 107[\s\S]*LVSLAB_RUNTIME/);
});
