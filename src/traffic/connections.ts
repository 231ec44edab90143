import {randomBytes} from 'node:crypto';
import {commandFailed} from '../nodes/failed.ts';
import {answeringNode, answerPath} from '../nodes/http.ts';
import {lateAfter} from '../nodes/late.ts';
import type {NodeShell} from '../nodes/types.ts';
import {InputError} from '../problem.ts';
import type {RequestRecord} from '../run-folder/types.ts';
import {program, trafficFolder} from './program.ts';
import {type MessageResult, parseMessages} from './records.ts';
import type {Connections} from './types.ts';

/** The most that one message may hold: a UDP datagram over IPv4, 65,535 bytes less the headers (RFC 768, RFC 791). */
export const longestMessage = 65_507;

/** What closing may take, all connections together, and the program's own start. */
const spareSeconds = 30;

/**
 * Makes the connections from the node of the shell, the next one when the one before is closed or, with `hold`, has
 * its answers. Gives a record for each message that was tried, in order: a connection that fails has no further
 * messages, except over UDP. Failed connections are data, by curl's exit codes (7 refused, 28 timed out, 45 the source
 * is not the node's or in use, 52 and 18 closed before and within the answer, 55 not sent, 56 reset, 8 a strange
 * answer). Throws InputError for answers that do not fit a message or a name that names no hold, BrokenLabError when
 * the program does not run, the kernel lacks the protocol, or connections are held under that name already.
 */
export async function openConnections(
  shell: NodeShell,
  traffic: Connections,
): Promise<readonly RequestRecord[]> {
  const {
    protocol,
    address,
    port,
    connections,
    messages,
    bytes,
    upload = 0,
    timeout,
    hold,
  } = traffic;
  checkBytes(traffic);
  const path = answerPath(bytes);
  const url = urlOf(traffic);
  const {exitCode, stdout, stderr} = await shell.run(
    [
      `mkdir -p ${trafficFolder}`,
      program('client', [
        protocol,
        address,
        ...[port, messages, bytes, upload].map(String),
        path,
        String(timeout),
        randomBytes(8).toString('hex'),
        hold === undefined ? '' : placeOf(hold),
        ...connections.map(({source = '', sourcePort = '', to}) =>
          [source, sourcePort, to?.address ?? '', to?.port ?? ''].join(','),
        ),
      ]),
    ].join('\n'),
    {
      label: `${connections.length} connections to ${url}, ${messages} messages on each`,
      timeoutMs: (connections.length * messages * timeout + spareSeconds) * 1000,
    },
  );
  if (exitCode === 0) {
    const records = recordsOf(shell, traffic, stdout.toString('utf8'));
    if (records !== undefined) return records;
  }
  throw commandFailed(
    shell.node,
    `the client program on node "${shell.node}" did not make its connections to ${url}`,
    {exitCode, stderr},
  );
}

/**
 * Sends so many more messages on each of the connections that `traffic` holds, one after the other; each may take `timeout`
 * seconds. Records as of openConnections; a connection that fails is closed, and held no longer. Throws BrokenLabError when
 * none are held under its name.
 */
export async function askHeld(
  shell: NodeShell,
  traffic: Connections,
  {messages, timeout}: Pick<Connections, 'messages' | 'timeout'>,
): Promise<readonly RequestRecord[]> {
  const {hold = '', connections} = traffic;
  const {exitCode, stdout, stderr} = await shell.run(
    program('hold', [placeOf(hold), 'ask', String(messages), String(timeout)]),
    {
      label: `${messages} more messages on the connections held as ${hold}`,
      timeoutMs: (connections.length * messages * timeout + spareSeconds) * 1000,
    },
  );
  const records = exitCode === 0 ? recordsOf(shell, traffic, stdout.toString('utf8')) : undefined;
  if (records !== undefined) return records;
  throw commandFailed(
    shell.node,
    `node "${shell.node}" did not ask again on the connections held as "${hold}"`,
    {exitCode, stderr},
  );
}

/** Seconds between two rounds of a chat. */
const chatPause = 0.05;
/** Seconds in which the first round of a chat is answered. */
const chatStart = 30;

/**
 * Begins to send messages on the connections that `traffic` holds, in turn and without end, and returns when each has had an
 * answer. Throws BrokenLabError when they have not.
 */
export async function beginChat(
  shell: NodeShell,
  {hold = '', connections}: Connections,
  {timeout}: Pick<Connections, 'timeout'>,
): Promise<void> {
  const told = `${placeOf(hold)}.chat`;
  const script = [
    `${program('hold', [placeOf(hold), 'chat', String(chatPause), String(timeout)])} </dev/null >${told} 2>&1 &`,
    lateAfter(chatStart),
    `until [ "$(wc -l <${told})" -ge ${connections.length} ]; do`,
    `  ! late || { cat ${told} >&2; exit 1; }`,
    '  sleep 0.05',
    'done',
  ].join('\n');
  const {exitCode, stderr} = await shell.run(script, {label: `chat on the connections of ${hold}`});
  if (exitCode === 0) return;
  throw commandFailed(
    shell.node,
    `node "${shell.node}" could not chat on the connections held as "${hold}"`,
    {exitCode, stderr},
  );
}

/** Ends a chat when the message on its way is answered, or has failed. Records of all its messages, as of askHeld. */
export async function endChat(
  shell: NodeShell,
  traffic: Connections,
  {timeout}: Pick<Connections, 'timeout'>,
): Promise<readonly RequestRecord[]> {
  const {hold = '', connections} = traffic;
  const told = `${placeOf(hold)}.chat`;
  const seconds = connections.length * timeout + spareSeconds;
  const script = [
    program('hold', [placeOf(hold), 'enough']),
    lateAfter(seconds),
    `until grep -qx end ${told}; do ! late || exit 1; sleep 0.05; done`,
    `cat ${told}`,
  ].join('\n');
  const {exitCode, stdout, stderr} = await shell.run(script, {
    label: `end the chat on the connections of ${hold}`,
    timeoutMs: (seconds + spareSeconds) * 1000,
  });
  const records = exitCode === 0 ? recordsOf(shell, traffic, stdout.toString('utf8')) : undefined;
  if (records !== undefined) return records;
  throw commandFailed(
    shell.node,
    `node "${shell.node}" did not end its chat on the connections held as "${hold}"`,
    {exitCode, stderr},
  );
}

function urlOf({protocol, address, port, bytes}: Connections): string {
  const host = address.includes(':') ? `[${address}]` : address;
  const service = `${protocol === 'tcp' ? 'http' : protocol}://${host}:${port}`;
  return protocol === 'tcp' ? `${service}${answerPath(bytes)}` : service;
}

const recordsOf = (
  shell: NodeShell,
  traffic: Connections,
  output: string,
): readonly RequestRecord[] | undefined =>
  parseMessages(output)?.map(result => ({
    client: shell.node,
    token: result.token,
    url: urlOf(traffic),
    message: result.message,
    answered: isAnswered(traffic.protocol, result),
    status: result.status,
    exitCode: result.exitCode,
    answeredBy: answeringNode(result.head),
    localAddress: result.localAddress,
    localPort: result.localPort,
  }));

/** Over UDP and SCTP the program takes no answer without the token. */
const isAnswered = (protocol: Connections['protocol'], {status, exitCode}: MessageResult) =>
  protocol === 'tcp' ? status === 200 : exitCode === 0;

/**
 * Closes the connections that are held under this name, in order (FIN, SHUTDOWN), and waits until the other side has
 * closed too; for 10 s at most, as a connection may be dead. Throws BrokenLabError when none are held.
 */
export async function releaseConnections(shell: NodeShell, hold: string): Promise<void> {
  const {exitCode, stdout, stderr} = await shell.run(program('hold', [placeOf(hold), 'release']), {
    label: `release the connections held as ${hold}`,
    timeoutMs: spareSeconds * 1000,
  });
  if (exitCode === 0 && stdout.toString('utf8') === 'released\n') return;
  throw commandFailed(
    shell.node,
    `node "${shell.node}" did not release the connections held as "${hold}"`,
    {exitCode, stderr},
  );
}

/** A socket's path has 107 bytes at most (unix(7)). */
function placeOf(hold: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(hold)) return `${trafficFolder}/${hold}.hold`;
  throw new InputError({
    what: 'not a name for held connections',
    value: hold,
    valid: ['up to 40 letters, digits, dashes and underscores'],
    next: 'rename it',
  });
}

function checkBytes({protocol, bytes}: Connections): void {
  if (protocol === 'tcp' || bytes <= longestMessage) return;
  throw new InputError({
    what: `the answers are longer than a message over ${protocol} can be`,
    value: `${bytes} bytes`,
    valid: [`at most ${longestMessage} bytes`],
    next: 'ask for fewer bytes',
  });
}
