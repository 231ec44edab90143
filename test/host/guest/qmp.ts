import {createServer} from 'node:net';
import type {Socket} from 'node:net';
import {join} from 'node:path';
import test from 'ava';
import {Qmp} from '../../../src/host/guest/qmp.ts';
import {listen} from './support/agent.ts';
import {newFolder} from '../../support/folder.ts';

const greeting = '{"QMP": {"version": {}, "capabilities": []}}\r\n';

/** A monitor that answers each command as `answer` says: text to send, or undefined to break off. */
async function monitor(
  answer: (command: string, id: number) => string | undefined,
): Promise<string> {
  const path = join(newFolder(), 'qmp');
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.write(greeting);
    let text = '';
    socket.on('data', chunk => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const {execute, id}: {execute: string; id: number} = JSON.parse(line);
        const reply =
          execute === 'qmp_capabilities' ? `{"return": {}, "id": ${id}}\n` : answer(execute, id);
        if (reply === undefined) socket.destroy();
        else socket.write(reply);
      }
    });
  });
  await listen(server, path);
  server.unref();
  return path;
}

test('answers find their commands among events, in any order and cut anywhere', async t => {
  let first: number | undefined;
  const path = await monitor((command, id) => {
    if (command === 'one') {
      first = id;
      return '{"event": "RESUME", "timestamp": {}}\n{"ret';
    }
    return `urn": "two", "id": ${id}}\n{"return": "one", "id": ${first}}\n`;
  });
  const qmp = await Qmp.connect(path);
  t.deepEqual(await Promise.all([qmp.execute('one'), qmp.execute('two')]), ['one', 'two']);
  qmp.close();
});

test('events are told as they come, with what QEMU did', async t => {
  const path = await monitor(
    (_, id) =>
      `{"event": "BLOCK_IO_ERROR", "data": {"action": "stop", "nospace": true}}\n{"event": "STOP"}\n{"return": {}, "id": ${id}}\n`,
  );
  const told: unknown[] = [];
  const qmp = await Qmp.connect(path, (...event) => told.push(event));
  await qmp.execute('any');
  t.deepEqual(told, [
    ['BLOCK_IO_ERROR', 'stop'],
    ['STOP', undefined],
  ]);
  qmp.close();
});

test("an error rejects with QEMU's words, and the monitor goes on", async t => {
  const path = await monitor((command, id) =>
    command === 'bad'
      ? `{"error": {"class": "GenericError", "desc": "no such file"}, "id": ${id}}\n`
      : `{"return": {}, "id": ${id}}\n`,
  );
  const qmp = await Qmp.connect(path);
  await t.throwsAsync(qmp.execute('bad'), {message: 'QEMU: no such file'});
  t.deepEqual(await qmp.execute('good'), {});
  qmp.close();
});

test('a monitor that breaks off fails the open command and the later ones', async t => {
  const qmp = await Qmp.connect(await monitor(() => undefined));
  await t.throwsAsync(qmp.execute('quit'));
  await t.throwsAsync(qmp.execute('query-status'), {message: /closed its monitor/});
});

test('what is no monitor is told apart', async t => {
  const qmp = await Qmp.connect(await monitor(() => 'HTTP/1.1 400 Bad Request\n'));
  await t.throwsAsync(qmp.execute('query-status'), {message: /no message/});
  await t.throwsAsync(Qmp.connect('/nonexistent/qmp.sock'), {code: 'ENOENT'});
});
