import {randomBytes} from 'node:crypto';
import {commandFailed} from '../nodes/failed.ts';
import {answeringNode, answerPath} from '../nodes/http.ts';
import {quote} from '../quote.ts';
import type {NodeShell} from '../nodes/types.ts';
import type {RequestRecord} from '../run-folder/types.ts';
import {curlConfig, parseCurl} from './curl.ts';

/** HTTP requests from one client, one after the other, one connection each. */
export interface HttpRequests {
  /** The service's address, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly requests: number;
  /** Body bytes of each answer (at least 64: see nodes/http.ts). */
  readonly bytes: number;
  /** Seconds that a request may take. */
  readonly timeout: number;
  /** The source port of the first request; each further one takes the next. Default: the kernel chooses. */
  readonly sourcePort?: number;
}

/** Makes the requests from the node of the shell. Failed requests are data; BrokenLabError when curl itself does not run. */
export async function runHttp(
  shell: NodeShell,
  {address, port, requests, bytes, timeout, sourcePort}: HttpRequests,
): Promise<readonly RequestRecord[]> {
  const nonce = randomBytes(8).toString('hex');
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `http://${host}:${port}${answerPath(bytes)}`;
  const sent = Array.from({length: requests}, (_, index) => ({
    url,
    timeout,
    token: `${nonce}-${index + 1}`,
    ...(sourcePort === undefined ? {} : {sourcePort: sourcePort + index}),
  }));
  const {exitCode, stdout, stderr} = await shell.run(
    `printf '%s\\n' ${quote(curlConfig(sent, nonce))} | curl -q -K -`,
    {label: `curl ${url} (${requests} times)`, timeoutMs: (requests * timeout + 30) * 1000},
  );
  const results = parseCurl(stdout.toString('utf8'), nonce);
  if (results.length !== requests)
    throw commandFailed(
      shell.node,
      `curl on node "${shell.node}" made ${results.length} of ${requests} requests`,
      {exitCode, stderr},
    );
  return results.map(({body, ...result}, index) => ({
    client: shell.node,
    token: sent[index]?.token ?? '',
    url,
    message: 1,
    answered: result.status === 200,
    ...result,
    answeredBy: answeringNode(body),
  }));
}
