import {InputError} from '../problem.ts';
import type {Node} from '../topology/types.ts';
import {quote} from '../quote.ts';

/** Where a node keeps what lvslab puts into it. */
export const nodeFolder = '/run/lvslab';
export const accessLog = `${nodeFolder}/access.log`;

/** Bytes with which each answer begins: the node's name and the peer's address, a line each, padded. */
export const answerHeadLength = 64;
const nameWidth = 20;
const peerWidth = answerHeadLength - nameWidth - 2;

/** Decimal digits of the filler's length: it has at most 999,999 bytes. */
const fillerDigits = 6;

/** The path of an answer whose body has `bytes` bytes, never fewer than its head has. */
export const answerPath = (bytes: number): string =>
  `/fill/${String(Math.max(0, bytes - answerHeadLength)).padStart(fillerDigits, '0')}`;

/** The node that an answer's body names; '' when it names none. */
export const answeringNode = (body: string): string =>
  /^([a-z][a-z0-9-]*) *\n/.exec(body)?.[1] ?? '';

/**
 * A script that (re)starts the node's HTTP server on exactly these ports, of all the node's addresses; without ports it
 * only stops it. Its log has a line for each request: `peer:port token status`, an IPv6 peer in brackets.
 */
export function httpServerScript(node: Node, ports: readonly number[]): string {
  const config = `${nodeFolder}/http.conf`;
  const pid = `${nodeFolder}/http.pid`;
  const stop = [
    `mkdir -p ${nodeFolder}`,
    `if [ -s ${pid} ]; then`,
    `  read -r server <${pid}; kill "$server"; while kill -0 "$server" 2>/dev/null; do sleep 0.02; done`,
    'fi',
  ];
  const start = [
    `printf '%s' ${quote(httpConfig(node, ports))} >${config}`,
    `nginx -e ${nodeFolder}/http-error.log -c ${config}`,
  ];
  return [...stop, ...(ports.length > 0 ? start : [])].join('\n');
}

/** One process without a master, which stays root and owns its folders, needs no capability to change users. */
const temporaryFolders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** The configuration of nginx. */
export function httpConfig(node: Node, ports: readonly number[]): string {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(node.name))
    throw new InputError({
      what: 'a node with an HTTP server has a name that its configuration cannot hold',
      value: node.name,
      valid: ['a lower case letter, then up to 19 lower case letters, digits and dashes'],
      next: 'rename the node',
    });
  const v6 = node.interfaces.some(({address}) => address.v6 !== undefined);
  const listen = ports.flatMap(port => [
    `listen ${port};`,
    ...(v6 ? [`listen [::]:${port} ipv6only=on;`] : []),
  ]);
  const units = Array.from({length: fillerDigits}, (_, digit) => unit(digit)).join('\n  ');
  const captures = fromHighest(digit => `(?<d${digit}>\\d)`);
  return `user root;
daemon on;
master_process off;
pid ${nodeFolder}/http.pid;
events { worker_connections 1024; }
http {
  default_type text/plain;
  keepalive_timeout 15m;
  keepalive_requests 100000;
  ${temporaryFolders.map(name => `${name}_temp_path ${nodeFolder}/http-${name};`).join('\n  ')}
  map $remote_addr $peer { "~:" "[$remote_addr]:$remote_port"; default "$remote_addr:$remote_port"; }
  map "$remote_addr${' '.repeat(peerWidth)}" $padded { "~^(?<cut>.{${peerWidth}})" $cut; }
  log_format lvslab '$peer $http_x_lvslab_token $status';
  access_log ${accessLog} lvslab;
  ${units}
  server {
    ${listen.join('\n    ')}
    location / { return 200 "${head(node)}"; }
    location ~ "^/fill/${captures}$" { return 200 "${head(node)}${fromHighest(digit => `$f${digit}`)}"; }
  }
}
`;
}

/** The first line of an answer, without its end. */
export const nodeNameLine = (name: string): string => name.padEnd(nameWidth);

const head = (node: Node): string => `${nodeNameLine(node.name)}\\n$padded\\n`;

const fromHighest = (part: (digit: number) => string): string =>
  Array.from({length: fillerDigits}, (_, index) => part(fillerDigits - 1 - index)).join('');

/** `$uN` is 10^N bytes of filler and `$fN` as many of it as the path's digit N says: nginx cannot count. */
function unit(digit: number): string {
  const one = digit === 0 ? 'x' : `$u${digit - 1}`.repeat(10);
  const cases = Array.from({length: 9}, (_, n) => `${n + 1} "${`$u${digit}`.repeat(n + 1)}";`);
  return [
    `map "" $u${digit} { default "${one}"; }`,
    `map $d${digit} $f${digit} { default ""; ${cases.join(' ')} }`,
  ].join('\n  ');
}
