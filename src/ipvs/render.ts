import {InputError} from '../problem.ts';
import {parseAddress} from '../topology/ip.ts';
import {formatEndpoint} from './text.ts';
import type {RealServer, ServerEdit, ServiceKey, TunnelType, VirtualService} from './types.ts';

const forwardOption = {masq: '-m', droute: '-g', tunnel: '-i'} as const;
const protocolOption = {tcp: '-t', udp: '-u', sctp: '--sctp-service'} as const;
const gueChecksum = {
  none: '--tun-nocsum',
  checksum: '--tun-csum',
  remote: '--tun-remcsum',
} as const;

/**
 * The services as lines for `ipvsadm -R` (ipvsadm(8)). Every word is checked, so the lines can stand in a script. Throws
 * InputError for an address, scheduler, flag or netmask that is none. `ipvsadm -S` loses thresholds; these do not.
 */
export const renderServices = (services: readonly VirtualService[]): readonly string[] =>
  services.flatMap(service => [
    renderService(service),
    ...service.realServers.map(server => renderRealServer(service.key, server)),
  ]);

/** A change of a real server as a line for `ipvsadm -R`. Throws InputError as renderServices does. */
export const renderEdit = (key: ServiceKey, {kind, server}: ServerEdit): string =>
  kind === 'remove'
    ? `-d ${renderKey(key)} -r ${endpoint(server)}`
    : renderRealServer(key, server, kind === 'add' ? '-a' : '-e');

/**
 * A script that gives the lines to `ipvsadm -R`, which ends with exit code 0 when a line but the last fails: so anything
 * that it says fails the script.
 */
export const restoreScript = (lines: readonly string[]): string =>
  [
    `said=$(ipvsadm -R 2>&1 <<'LVSLAB'`,
    ...lines,
    'LVSLAB',
    ') || :',
    '[ -z "$said" ] || { echo "ipvsadm: $said" >&2; exit 1; }',
  ].join('\n');

function renderService({
  key,
  scheduler,
  flags,
  persistence,
  onePacket,
}: Omit<VirtualService, 'realServers'>): string {
  return [
    `-A ${renderKey(key)} -s ${name('scheduler', scheduler)}`,
    ...(persistence === undefined ? [] : [`-p ${count('timeout', persistence.timeout)}`]),
    ...(persistence?.netmask === undefined ? [] : [`-M ${netmask(persistence.netmask)}`]),
    ...(onePacket ? ['-o'] : []),
    ...(flags.length === 0 ? [] : [`-b ${flags.map(flag => name('flag', flag)).join(',')}`]),
  ].join(' ');
}

function renderRealServer(key: ServiceKey, server: RealServer, verb: '-a' | '-e' = '-a'): string {
  const {upperThreshold, lowerThreshold, tunnel} = server;
  return [
    `${verb} ${renderKey(key)} -r ${endpoint(server)} ${forwardOption[server.forward]}`,
    `-w ${count('weight', server.weight)}`,
    ...(upperThreshold === undefined ? [] : [`-x ${count('threshold', upperThreshold)}`]),
    ...(lowerThreshold === undefined ? [] : [`-y ${count('threshold', lowerThreshold)}`]),
    ...(server.forward === 'tunnel' && tunnel !== undefined ? [renderTunnel(tunnel)] : []),
  ].join(' ');
}

function renderKey(key: ServiceKey): string {
  return key.kind === 'address'
    ? `${protocolOption[key.protocol]} ${endpoint(key)}`
    : `-f ${count('firewall mark', key.mark)}${key.family === 'v6' ? ' -6' : ''}`;
}

function renderTunnel(tunnel: TunnelType): string {
  if (tunnel.type === 'ipip') return '--tun-type ipip';
  if (tunnel.type === 'gre')
    return `--tun-type gre ${tunnel.checksum ? '--tun-csum' : '--tun-nocsum'}`;
  return `--tun-type gue --tun-port ${count('tunnel port', tunnel.port)} ${gueChecksum[tunnel.checksum]}`;
}

function endpoint({address, port}: {readonly address: string; readonly port: number}): string {
  const parsed = parseAddress(address);
  if (parsed === undefined) throw bad('not an address', address);
  return formatEndpoint({address: parsed.text, port: count('port', port)});
}

function name(what: string, text: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(text)) throw bad(`not the name of a ${what}`, text);
  return text;
}

function count(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw bad(`not a ${what}`, String(value));
  return value;
}

function netmask(text: string): string {
  if (parseAddress(text)?.family !== 'v4' && !/^\d{1,3}$/.test(text))
    throw bad('not a netmask', text);
  return text;
}

const bad = (what: string, value: string): InputError =>
  new InputError({
    what: `${what}, in a virtual service`,
    value,
    next: 'correct the service of the lab',
  });
