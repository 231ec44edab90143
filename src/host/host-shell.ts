import {once} from 'node:events';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import type {ReadStream, WriteStream} from 'node:tty';
import {BrokenLabError, InputError} from '../problem.ts';
import {readHostRecord} from './host-record.ts';

/** What the guest's init prints on the console when its shell ends, and Ctrl-] of the user. */
const left = '\u001b]lvslab-left\u0007';
const escape = 0x1d;

/**
 * A root shell in the lab host that stays. On a terminal it is the guest's console, one for all (Ctrl-] or `exit` leaves it);
 * otherwise standard input is run by sh. Returns the exit code 0. Errors: InputError when none is up.
 */
export async function hostShell({
  stdin,
  stdout,
}: {
  stdin: ReadStream;
  stdout: WriteStream;
}): Promise<number> {
  const record = readHostRecord();
  if (record === undefined)
    throw new InputError({what: 'no lab host is up', next: 'lvslab host up'});
  const socket = connect({path: stdin.isTTY ? record.shell : record.commands, allowHalfOpen: true});
  try {
    await once(socket, 'connect');
  } catch (error) {
    throw new BrokenLabError(
      {what: 'the lab host does not answer', next: 'lvslab host down, then up'},
      error,
    );
  }
  if (stdin.isTTY) await interact(socket, stdin, stdout);
  else {
    stdin.pipe(socket).pipe(stdout, {end: false});
    await once(socket, 'close');
  }
  return 0;
}

async function interact(socket: Socket, stdin: ReadStream, stdout: WriteStream): Promise<void> {
  stdout.write('(Ctrl-] leaves the shell)\r\n');
  socket.write(`stty rows ${stdout.rows} cols ${stdout.columns}; clear\r`);
  stdin.setRawMode(true);
  let seen = '';
  socket.on('data', (bytes: Buffer) => {
    stdout.write(bytes);
    seen = (seen + bytes.toString('latin1')).slice(-200);
    if (seen.includes(left)) socket.destroy();
  });
  stdin.on('data', (bytes: Buffer) => {
    if (bytes.includes(escape)) socket.destroy();
    else socket.write(bytes);
  });
  try {
    await once(socket, 'close');
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write('\r\n');
  }
}
