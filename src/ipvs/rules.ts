import {badWord, Line, parseCount, parseEndpoint, wordsOf, type Word} from './text.ts';
import type {
  Forward,
  Protocol,
  RealServer,
  ServiceKey,
  TunnelType,
  VirtualService,
} from './types.ts';

/** The options of one rule, as far as given. */
interface Options {
  key?: ServiceKey;
  scheduler: string;
  flags: readonly string[];
  timeout?: number;
  netmask?: string;
  onePacket: boolean;
  server?: {readonly address: string; readonly port: number};
  forward: Forward;
  weight: number;
  upper?: number;
  lower?: number;
  tunnelType: TunnelType['type'];
  tunnelPort: number;
  checksum: 'none' | 'checksum' | 'remote';
}

/**
 * Reads `ipvsadm -Sn`, or the same as commands (a leading `ipvsadm` on a line is fine, long options too; `#` begins a
 * comment line). Throws InputError naming line and column.
 */
export function parseRules(text: string, where = 'ipvsadm -Sn'): readonly VirtualService[] {
  const services: (VirtualService & {realServers: RealServer[]})[] = [];
  for (const words of wordsOf(text)) {
    if (words[0]?.text.startsWith('#')) continue;
    const line = new Line(where, words);
    line.takes('ipvsadm');
    const verb = line.word('a command, -A or -a');
    const options = optionsOf(line, where);
    const {key} = options;
    if (key === undefined) throw badWord(where, verb, 'a rule without a service (-t, -u or -f)');
    const same = services.find(service => sameKey(service.key, key));
    if (verb.text === '-A' || verb.text === '--add-service') {
      if (same !== undefined) throw badWord(where, verb, 'the service is there already');
      services.push(serviceOf(key, options));
    } else if (verb.text === '-a' || verb.text === '--add-server') {
      if (same === undefined) throw badWord(where, verb, 'a real server before its service (-A)');
      same.realServers.push(realServerOf(options, where, verb));
    } else throw badWord(where, verb, 'not a command of a saved table', ['-A', '-a']);
  }
  return services;
}

type Take = (options: Options, line: Line) => void;

const takeAddress =
  (protocol: Protocol): Take =>
  (options, line) => {
    options.key = {kind: 'address', protocol, ...line.read('an address and port', parseEndpoint)};
  };
const takeForward =
  (forward: Forward): Take =>
  options => {
    options.forward = forward;
  };
const takeChecksum =
  (checksum: Options['checksum']): Take =>
  options => {
    options.checksum = checksum;
  };

/** Short and long names (ipvsadm(8)) and what follows them. */
const takers: readonly (readonly [names: readonly string[], take: Take])[] = [
  [['-t', '--tcp-service'], takeAddress('tcp')],
  [['-u', '--udp-service'], takeAddress('udp')],
  [['--sctp-service'], takeAddress('sctp')],
  [
    ['-f', '--fwmark-service'],
    (options, line) => {
      const mark = line.read('a firewall mark', parseCount);
      options.key = {kind: 'fwmark', mark, family: 'v4'};
    },
  ],
  [
    ['-6', '--ipv6'],
    options => {
      if (options.key?.kind === 'fwmark') options.key = {...options.key, family: 'v6'};
    },
  ],
  [['-s', '--scheduler'], (options, line) => (options.scheduler = line.word('a scheduler').text)],
  [
    ['-b', '--sched-flags'],
    (options, line) => (options.flags = line.word('scheduler flags').text.split(',')),
  ],
  [
    ['-p', '--persistent'],
    (options, line) =>
      (options.timeout = line.read('a persistence timeout in seconds', parseCount)),
  ],
  [['-M', '--netmask'], (options, line) => (options.netmask = line.word('a netmask').text)],
  [['-o', '--ops'], options => (options.onePacket = true)],
  [
    ['-r', '--real-server'],
    (options, line) => (options.server = line.read('an address and port', parseEndpoint)),
  ],
  [['-g', '--gatewaying'], takeForward('droute')],
  [['-i', '--ipip'], takeForward('tunnel')],
  [['-m', '--masquerading'], takeForward('masq')],
  [['-w', '--weight'], (options, line) => (options.weight = line.read('a weight', parseCount))],
  [
    ['-x', '--u-threshold'],
    (options, line) => (options.upper = line.read('a threshold', parseCount)),
  ],
  [
    ['-y', '--l-threshold'],
    (options, line) => (options.lower = line.read('a threshold', parseCount)),
  ],
  [
    ['--tun-type'],
    (options, line) =>
      (options.tunnelType = line.read('a tunnel type', tunnelType, ['ipip', 'gre', 'gue'])),
  ],
  [['--tun-port'], (options, line) => (options.tunnelPort = line.read('a port', parseCount))],
  [['--tun-nocsum'], takeChecksum('none')],
  [['--tun-csum'], takeChecksum('checksum')],
  [['--tun-remcsum'], takeChecksum('remote')],
];
const takerOf = new Map(takers.flatMap(([names, take]) => names.map(name => [name, take])));

function optionsOf(line: Line, where: string): Options {
  const options: Options = {
    scheduler: 'wlc',
    flags: [],
    onePacket: false,
    forward: 'droute',
    weight: 1,
    tunnelType: 'ipip',
    tunnelPort: 0,
    checksum: 'none',
  };
  while (line.rest > 0) {
    const word = line.word('an option');
    const take = takerOf.get(word.text);
    if (take === undefined)
      throw badWord(where, word, 'an option that lvslab does not know', [...takerOf.keys()]);
    take(options, line);
  }
  return options;
}

const tunnelType = (text: string): TunnelType['type'] | undefined =>
  text === 'ipip' || text === 'gre' || text === 'gue' ? text : undefined;

function serviceOf(
  key: ServiceKey,
  options: Options,
): VirtualService & {realServers: RealServer[]} {
  const {scheduler, flags, timeout, netmask, onePacket} = options;
  return {
    key,
    scheduler,
    flags,
    persistence: timeout === undefined ? undefined : {timeout, netmask},
    onePacket,
    realServers: [],
  };
}

function realServerOf(options: Options, where: string, verb: Word): RealServer {
  const {server, forward, weight, upper, lower} = options;
  if (server === undefined) throw badWord(where, verb, 'a real server without address (-r)');
  return {
    ...server,
    forward,
    tunnel: forward === 'tunnel' ? tunnelOf(options) : undefined,
    weight,
    upperThreshold: upper,
    lowerThreshold: lower,
  };
}

function tunnelOf({tunnelType: type, tunnelPort, checksum}: Options): TunnelType {
  if (type === 'ipip') return {type};
  if (type === 'gre') return {type, checksum: checksum !== 'none'};
  return {type, port: tunnelPort, checksum};
}

const sameKey = (a: ServiceKey, b: ServiceKey): boolean => JSON.stringify(a) === JSON.stringify(b);
