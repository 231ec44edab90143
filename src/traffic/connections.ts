import {randomBytes} from 'node:crypto';
import {answeringNode, answerPath} from '../nodes/http.ts';
import type {NodeShell} from '../nodes/types.ts';
import {BrokenLabError, InputError} from '../problem.ts';
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
  const host = address.includes(':') ? `[${address}]` : address;
  const service = `${protocol === 'tcp' ? 'http' : protocol}://${host}:${port}`;
  const url = protocol === 'tcp' ? `${service}${path}` : service;
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
  const results = exitCode === 0 ? parseMessages(stdout.toString('utf8')) : undefined;
  if (results === undefined)
    throw new BrokenLabError({
      what: `the client program on node "${shell.node}" did not make its connections to ${url}`,
      where: shell.node,
      value: `exit code ${exitCode}: ${stderr.trim()}`,
      next: 'run the lab again',
    });
  return results.map(result => ({
    client: shell.node,
    token: result.token,
    url,
    message: result.message,
    answered: isAnswered(protocol, result),
    status: result.status,
    exitCode: result.exitCode,
    answeredBy: answeringNode(result.head),
    localAddress: result.localAddress,
    localPort: result.localPort,
  }));
}

/** Over UDP and SCTP the program takes no answer without the token. */
const isAnswered = (protocol: Connections['protocol'], {status, exitCode}: MessageResult) =>
  protocol === 'tcp' ? status === 200 : exitCode === 0;

/**
 * Closes the connections that are held under this name, in order (FIN, SHUTDOWN), and waits until the other side has
 * closed too; for 10 s at most, as a connection may be dead. Throws BrokenLabError when none are held.
 */
export async function releaseConnections(shell: NodeShell, hold: string): Promise<void> {
  const {exitCode, stdout, stderr} = await shell.run(program('hold', [placeOf(hold)]), {
    label: `release the connections held as ${hold}`,
    timeoutMs: spareSeconds * 1000,
  });
  if (exitCode === 0 && stdout.toString('utf8') === 'released\n') return;
  throw new BrokenLabError({
    what: `node "${shell.node}" did not release the connections held as "${hold}"`,
    where: shell.node,
    value: `exit code ${exitCode}: ${stderr.trim()}`,
    next: 'run the lab again',
  });
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
