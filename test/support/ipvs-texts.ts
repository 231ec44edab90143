import {formatEndpoint, type Endpoint} from '../../src/ipvs/text.ts';

/** Connections, packets in and out, IP bytes in and out. */
export type Counts = readonly number[];

/** A real server as a director says it to be. */
export interface SaidServer extends Endpoint {
  readonly counts: Counts;
  readonly active?: number;
  readonly inactive?: number;
}

/** A service of one protocol with its real servers, as a director says it to be. */
export interface Said extends Endpoint {
  readonly protocol: string;
  readonly method: 'Masq' | 'Route' | 'Tunnel';
  readonly servers: readonly SaidServer[];
}

const options = {Masq: '-m', Route: '-g', Tunnel: '-i'} as const;
const title = 'IP Virtual Server version 1.2.1 (size=4096)';

/** What a director says of its service and of what it counted, by the name of the text. */
export function ipvsTexts({protocol, method, servers, ...virtual}: Said): Record<string, string> {
  const sums = [0, 1, 2, 3, 4].map(column =>
    servers.reduce((sum, {counts}) => sum + (counts[column] ?? 0), 0),
  );
  const hexadecimal = (numbers: readonly number[]): string =>
    numbers.map(number => number.toString(16).toUpperCase()).join(' ');
  const table = (word: (endpoint: Endpoint) => string): string =>
    [
      title,
      'Prot LocalAddress:Port Scheduler Flags',
      '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
      `${protocol}  ${word(virtual)} rr`,
      ...servers.map(
        server =>
          `  -> ${word(server)}      ${method}  1      ${server.active ?? 0}          ${server.inactive ?? 0}`,
      ),
      '',
    ].join('\n');
  const key = `-${protocol === 'UDP' ? 'u' : 't'} ${formatEndpoint(virtual)}`;
  return {
    'ipvsadm-stats-state': 'equal\n',
    'ipvsadm-stats': [
      title,
      'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
      '  -> RemoteAddress:Port',
      [`${protocol}  ${formatEndpoint(virtual)}`, ...sums].join('  '),
      ...servers.map(server => [`  -> ${formatEndpoint(server)}`, ...server.counts].join('  ')),
      '',
    ].join('\n'),
    'ip-vs-stats-percpu': [
      '       Total Incoming Outgoing         Incoming         Outgoing',
      'CPU    Conns  Packets  Packets            Bytes            Bytes',
      `  0 ${hexadecimal(sums.map(number => Math.floor(number / 2)))}`,
      `  1 ${hexadecimal(sums.map(number => Math.ceil(number / 2)))}`,
      '  ~ 0 0 0 0 0',
      '',
      '     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s',
      '           0        0        0                0                0',
      '',
    ].join('\n'),
    'ipvsadm-Ln': table(formatEndpoint),
    'ip-vs': table(procEndpoint),
    'ipvsadm-Sn': [
      `-A ${key} -s rr`,
      ...servers.map(server => `-a ${key} -r ${formatEndpoint(server)} ${options[method]} -w 1`),
      '',
    ].join('\n'),
  };
}

/** As /proc/net/ip_vs has it. */
function procEndpoint({address, port}: Endpoint): string {
  const octets = address.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'));
  const host = address.includes(':') ? `[${address}]` : octets.join('').toUpperCase();
  return `${host}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Entries of `ipvsadm -Lnc`: each `TCP 00:58 STATE client virtual destination`. */
export const entriesText = (...entries: readonly string[]): string =>
  ['IPVS connection entries', 'pro expire state source virtual destination', ...entries, ''].join(
    '\n',
  );
