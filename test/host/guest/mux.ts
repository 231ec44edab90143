import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {createServer} from 'node:net';
import type {Socket} from 'node:net';
import {buffer} from 'node:stream/consumers';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {encodeFrame, FrameReader, initialCredit} from '../../../src/host/guest/frames.ts';
import {Mux} from '../../../src/host/guest/mux.ts';
import {listen, startRig} from './support/agent.ts';

/** Answers only when the other end has sent all: what a lost half-close breaks. */
const answerAtEnd = (socket: Socket): void => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => socket.end(digest(Buffer.concat(chunks))));
};
const digest = (bytes: Buffer): string =>
  `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;

const pastCredit = initialCredit * 4 + 17;

test('a command runs in the guest with its input, and its output and exit code come back', async t => {
  const rig = await startRig();
  const result = await rig.mux.exec('cat; echo "to stderr" >&2; exit 7', {input: 'given\n'});
  t.deepEqual(result, {code: 7, output: 'given\nto stderr\n'});
  t.deepEqual(await rig.mux.exec('kill -9 $$'), {code: 137, output: ''});
  await rig.close();
});

test('a command that does not end by its deadline is ended, and its stream only', async t => {
  const rig = await startRig();
  const marker = join(rig.folder, 'alive');
  const error = await t.throwsAsync(
    rig.mux.exec(`echo $$ > '${marker}'; sleep 1000`, {deadline: 300}),
  );
  t.regex(error.message, /300 ms/);
  const check = `for i in $(seq 100); do kill -0 $(cat '${marker}') 2>/dev/null || exit 0; sleep 0.05; done; exit 1`;
  t.is((await rig.mux.exec(check)).code, 0);
  await rig.close();
});

test('half-close is kept: the answer to an end of input arrives', async t => {
  const rig = await startRig(answerAtEnd);
  const bytes = randomBytes(pastCredit);
  const stream = rig.mux.open('docker');
  stream.end(bytes);
  t.is((await buffer(stream)).toString(), digest(bytes));
  await rig.close();
});

test('thirty streams at once, each more than its credit, arrive whole in both directions', async t => {
  const rig = await startRig(socket => socket.pipe(socket));
  const size = initialCredit + 1234;
  await Promise.all(
    Array.from({length: 30}, async () => {
      const bytes = randomBytes(size);
      const stream = rig.mux.open('docker');
      stream.end(bytes);
      t.is(digest(await buffer(stream)), digest(bytes));
    }),
  );
  await rig.close();
});

test('a stream that nobody reads holds up only itself, and loses nothing', async t => {
  const rig = await startRig();
  const unread = rig.mux.open(`exec head -c ${pastCredit} /dev/zero`);
  unread.pause();
  await once(unread, 'readable');
  const other = await rig.mux.exec(`head -c ${pastCredit} /dev/zero | wc -c`);
  t.is(other.output.trim(), String(pastCredit));
  t.true(unread.readableLength <= initialCredit);
  t.is((await buffer(unread)).length, pastCredit);
  await rig.close();
});

test('a service that reads nothing holds up only its writer', async t => {
  const rig = await startRig(socket => socket.pause());
  const stuck = rig.mux.open('docker');
  stuck.on('error', () => {});
  let written = false;
  stuck.write(randomBytes(pastCredit * 2), () => (written = true));
  t.deepEqual(await rig.mux.exec('echo on'), {code: 0, output: 'on\n'});
  t.false(written);
  stuck.destroy();
  t.deepEqual(await rig.mux.exec('echo still on'), {code: 0, output: 'still on\n'});
  await rig.close();
});

test('a service that is not there fails its stream with the reason', async t => {
  const rig = await startRig();
  await t.throwsAsync(buffer(rig.mux.open('nonsense')), {message: /no service nonsense/});
  await rig.close();
});

test('a reset ends every stream at both ends, and the connection goes on', async t => {
  const sockets: Socket[] = [];
  const rig = await startRig(socket => {
    socket.resume();
    sockets.push(socket);
  });
  const stream = rig.mux.open('docker');
  const failed = t.throwsAsync(buffer(stream), {message: /reset/});
  await rig.mux.exec('true'); // by then the agent has opened the first
  await rig.mux.reset();
  await failed;
  t.is(sockets.length, 1);
  for (const socket of sockets) if (!socket.readableEnded) await once(socket, 'end');
  t.is((await rig.mux.exec('echo on')).output, 'on\n');
  await rig.close();
});

test('when the agent dies, streams and later calls fail at once', async t => {
  const rig = await startRig();
  const running = t.throwsAsync(rig.mux.exec('sleep 1000'));
  rig.killAgent();
  await running;
  await t.throwsAsync(rig.mux.exec('true'), {message: /gone/});
  await rig.close();
});

test("bytes of an earlier session before the reset's answer are skipped, wherever they are cut", async t => {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-mux-'));
  const server = createServer(socket => {
    const reader = new FrameReader();
    socket.on('data', (chunk: Buffer) => {
      for (const frame of reader.read(chunk))
        if (frame.type === 'reset') {
          const half = encodeFrame(5, 'data', Buffer.from('from before')).subarray(3);
          const answer = encodeFrame(0, 'reset', frame.bytes);
          socket.write(Buffer.concat([half, answer.subarray(0, 4)]));
          setImmediate(() => socket.write(answer.subarray(4)));
        } else if (frame.type === 'open') {
          socket.write(encodeFrame(frame.stream, 'data', Buffer.from('new')));
          socket.write(encodeFrame(frame.stream, 'close', Buffer.from('exit 0')));
        }
    });
    socket.on('error', () => {});
  });
  await listen(server, join(folder, 'port'));
  const mux = await Mux.connect(join(folder, 'port'));
  await mux.reset();
  t.deepEqual(await mux.exec('anything'), {code: 0, output: 'new'});
  mux.close();
  server.close();
  rmSync(folder, {recursive: true});
});

test('frames are the same however the bytes are cut', t => {
  const bytes = Buffer.concat([
    encodeFrame(1, 'open', Buffer.from('docker')),
    encodeFrame(4_000_000_000, 'data', randomBytes(300)),
    encodeFrame(2, 'eof', Buffer.alloc(0)),
  ]);
  const whole = [...new FrameReader().read(bytes)];
  t.deepEqual(
    whole.map(({stream, type, bytes: {length}}) => [stream, type, length]),
    [
      [1, 'open', 6],
      [4_000_000_000, 'data', 300],
      [2, 'eof', 0],
    ],
  );
  const reader = new FrameReader();
  const single = [...bytes].flatMap(byte => [...reader.read(Buffer.from([byte]))]);
  t.deepEqual(single, whole);
  t.throws(() => [...new FrameReader().read(Buffer.from('HTTP/1.1 200 OK\r\n'))], {
    message: /no frame/,
  });
});
