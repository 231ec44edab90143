import {Line, parseCount, parseEndpoint, parseProtocol, wordsOf, type Word} from './text.ts';
import type {Forward, ListedRealServer, ListedService, ServiceKey} from './types.ts';

const forwardOf = {
  Masq: 'masq',
  Route: 'droute',
  Tunnel: 'tunnel',
  // The kernel delivers these itself, whatever method they were given; ipvsadm -S writes -g.
  Local: 'droute',
  Bypass: 'droute',
} as const satisfies Record<ListedRealServer['listedForward'], Forward>;

/** The lines of a listing below its titles: services, each with the lines of its real servers. */
export interface ListedLines {
  readonly service: Line;
  readonly realServers: Line[];
}

/** Splits a listing of `ipvsadm -L`. Throws InputError when a real server comes before any service. */
export function listedLines(text: string, where: string): readonly ListedLines[] {
  const found: ListedLines[] = [];
  for (const words of wordsOf(text)) {
    if (isTitle(words)) continue;
    const line = new Line(where, words);
    if (line.takes('->')) {
      const last = found.at(-1);
      if (last === undefined) line.read('a service before its real servers', () => undefined);
      else last.realServers.push(line);
    } else found.push({service: line, realServers: []});
  }
  return found;
}

const isTitle = ([first, second]: readonly Word[]): boolean =>
  (first?.text === 'IP' && second?.text === 'Virtual') ||
  first?.text === 'Prot' ||
  (first?.text === '->' && second?.text === 'RemoteAddress:Port');

/** Takes `TCP  198.51.100.80:80` or `FWM  7 [IPv6]`. */
export function listedKey(line: Line): ServiceKey {
  if (line.takes('FWM')) {
    const mark = line.read('a firewall mark', parseCount);
    return {kind: 'fwmark', mark, family: line.takes('IPv6') ? 'v6' : 'v4'};
  }
  const protocol = line.read('a protocol', parseProtocol, ['TCP', 'UDP', 'SCTP', 'FWM']);
  return {kind: 'address', protocol, ...line.read('an address and port', parseEndpoint)};
}

/**
 * Reads `ipvsadm -Ln` (ipvsadm 1.31, print_service_entry). A listing tells no thresholds and no kind of tunnel. Throws
 * InputError naming line and column for anything that is none.
 */
export const parseListing = (text: string, where = 'ipvsadm -Ln'): readonly ListedService[] =>
  listedLines(text, where).map(({service, realServers}) => ({
    ...serviceOf(service),
    realServers: realServers.map(realServerOf),
  }));

function serviceOf(line: Line): Omit<ListedService, 'realServers'> {
  const key = listedKey(line);
  const scheduler = line.word('a scheduler').text;
  let flags: readonly string[] = [];
  let persistence: ListedService['persistence'];
  let onePacket = false;
  while (line.rest > 0) {
    if (line.takes('persistent'))
      persistence = {timeout: line.read('a persistence timeout in seconds', parseCount)};
    else if (persistence !== undefined && line.takes('mask'))
      persistence = {...persistence, netmask: line.word('a mask').text};
    else if (line.takes('ops')) onePacket = true;
    else
      flags = line.read(
        'a flag of a service',
        text => /^\(([^()]+)\)$/.exec(text)?.[1]?.split(','),
        ['persistent SECONDS', 'mask MASK', 'ops', '(flag,flag)'],
      );
  }
  return {key, scheduler, flags, persistence, onePacket};
}

function realServerOf(line: Line): ListedRealServer {
  const endpoint = line.read('an address and port', parseEndpoint);
  const listedForward = line.read('a forwarding method', parseForward, Object.keys(forwardOf));
  const weight = line.read('a weight', parseCount);
  const active = line.read('a number of active connections', parseCount);
  const inactive = line.read('a number of inactive connections', parseCount);
  line.end();
  return {...endpoint, forward: forwardOf[listedForward], listedForward, weight, active, inactive};
}

function parseForward(text: string): ListedRealServer['listedForward'] | undefined {
  switch (text) {
    case 'Masq':
    case 'Route':
    case 'Tunnel':
    case 'Local':
    case 'Bypass':
      return text;
    default:
      return undefined;
  }
}
