import {randomBytes} from 'node:crypto';
import {commandFailed} from '../nodes/failed.ts';
import {answeringNode} from '../nodes/http.ts';
import type {NodeShell} from '../nodes/types.ts';
import {quote} from '../quote.ts';
import type {RequestRecord} from '../run-folder/types.ts';
import {curlWord, parseCurl, writeOut} from './curl.ts';

/** How data connections are agreed on: passive (PASV, RFC 959; EPSV, RFC 2428) or active (PORT, EPRT). */
export const ftpCommands = ['PASV', 'EPSV', 'PORT', 'EPRT'] as const;
export type FtpCommand = (typeof ftpCommands)[number];

/** FTP sessions from one client, one after the other; each fetches a file several times over one control connection. */
export interface FtpSessions {
  /** The service's address, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly command: FtpCommand;
  readonly sessions: number;
  readonly transfers: number;
  /** Of the file, which is named by it. */
  readonly bytes: number;
  /** Seconds that a transfer may take. */
  readonly timeout: number;
}

/**
 * curl as it is told: the client goes where the server says (curl(1), --ftp-skip-pasv-ip), and falls back to no other
 * command.
 */
const options: Readonly<Record<FtpCommand, readonly string[]>> = {
  PASV: ['disable-epsv', 'no-ftp-skip-pasv-ip'],
  EPSV: [],
  PORT: ['disable-eprt', 'ftp-port = "-"'],
  EPRT: ['ftp-port = "-"'],
};

/**
 * Makes the sessions from the node of the shell. Gives a record for each transfer, the port its control connection's. Failed
 * transfers are data; BrokenLabError when curl itself does not run.
 */
export async function runFtp(
  shell: NodeShell,
  {address, port, command, sessions, transfers, bytes, timeout}: FtpSessions,
): Promise<readonly RequestRecord[]> {
  const nonce = randomBytes(8).toString('hex');
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `ftp://${host}:${port}/${bytes}`;
  const tokens = Array.from({length: sessions}, (_, index) => `${nonce}-${index + 1}`);
  const transfer = (token: string): string =>
    [
      `url = ${curlWord(url)}`,
      'globoff',
      'silent',
      'noproxy = "*"',
      `user = ${curlWord(`anonymous:${token}`)}`,
      `max-time = ${timeout}`,
      ...options[command],
      `write-out = ${curlWord(writeOut(nonce))}`,
    ].join('\n');
  const script = tokens.map(token => {
    const config = Array.from({length: transfers}, () => transfer(token)).join('\nnext\n');
    return `printf '%s\\n' ${quote(config)} | curl -q -K - || :`;
  });
  const {exitCode, stdout, stderr} = await shell.run(script.join('\n'), {
    label: `curl ${url} with ${command} (${sessions} sessions of ${transfers} transfers)`,
    timeoutMs: (sessions * transfers * timeout + 30) * 1000,
  });
  const results = parseCurl(stdout.toString('utf8'), nonce);
  if (results.length !== sessions * transfers)
    throw commandFailed(
      shell.node,
      `curl on node "${shell.node}" made ${results.length} of ${sessions * transfers} transfers`,
      {exitCode, stderr},
    );
  return results.map(({body, ...result}, index) => ({
    client: shell.node,
    token: tokens[Math.floor(index / transfers)] ?? '',
    url,
    message: (index % transfers) + 1,
    answered: result.exitCode === 0 && body.length === bytes,
    ...result,
    answeredBy: answeringNode(body),
  }));
}
