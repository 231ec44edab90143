import {z} from 'zod';

/** One request as curl is told to make it. */
export interface CurlRequest {
  readonly url: string;
  readonly token: string;
  /** Seconds for all of it. */
  readonly timeout: number;
  /** Default: the kernel chooses. */
  readonly sourcePort?: number;
}

/** What curl says of one request. */
export interface CurlResult {
  readonly status: number;
  readonly exitCode: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly body: string;
}

/** What `--write-out` says after each request, answered or not (curl(1)). */
const written = z.object({
  // Without an answer curl writes 000, which is no JSON number.
  status: z
    .string()
    .regex(/^\d{3}$/)
    .transform(Number),
  exitCode: z.int(),
  localAddress: z.string(),
  localPort: z.int().transform(port => Math.max(0, port)),
});
const format =
  '{"status":"%{response_code}","exitCode":%{exitcode},"localAddress":"%{local_ip}","localPort":%{local_port}}';

/** The line that curl is to write after each request. */
export const writeOut = (nonce: string): string => `\n${nonce} ${format}\n`;

/**
 * A configuration for one curl that makes the requests one after the other, each on a connection of its own, and goes
 * on when one fails. Bodies go to stdout; after each comes a line `NONCE {...}`.
 */
export const curlConfig = (requests: readonly CurlRequest[], nonce: string): string =>
  requests
    .map(({url, token, timeout, sourcePort}) =>
      [
        `url = ${curlWord(url)}`,
        'globoff',
        'silent',
        'no-keepalive',
        `noproxy = "*"`,
        `max-time = ${timeout}`,
        ...(sourcePort === undefined ? [] : [`local-port = ${sourcePort}`]),
        `header = "Connection: close"`,
        `header = ${curlWord(`X-Lvslab-Token: ${token}`)}`,
        `write-out = ${curlWord(writeOut(nonce))}`,
      ].join('\n'),
    )
    .join('\nnext\n');

/** A quoted word of a curl configuration: curl(1), `-K`. */
export const curlWord = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;

/** The results in the order of the requests; fewer when curl ended early. */
export function parseCurl(output: string, nonce: string): readonly CurlResult[] {
  const results: CurlResult[] = [];
  let rest = output;
  for (;;) {
    const at = rest.indexOf(`\n${nonce} `);
    const end = rest.indexOf('\n', at + 1);
    if (at === -1 || end === -1) return results;
    const line = written.parse(JSON.parse(rest.slice(at + nonce.length + 2, end)));
    results.push({...line, body: rest.slice(0, at)});
    rest = rest.slice(end + 1);
  }
}
