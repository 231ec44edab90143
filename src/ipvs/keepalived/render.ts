import {InputError} from '../../problem.ts';
import {renderServices} from '../render.ts';
import type {RealServer, TunnelType, VirtualService} from '../types.ts';

/** How keepalived asks a real server whether it serves: by a TCP connection (keepalived.conf(5), TCP_CHECK). */
export interface HealthCheck {
  /** Seconds between two checks of one real server. */
  readonly interval: number;
  /** Seconds that a connection may take. */
  readonly timeout: number;
}

const methods = {masq: 'NAT', droute: 'DR', tunnel: 'TUN'} as const;
const tunnelChecksum = {none: 'nocsum', checksum: 'csum', remote: 'remcsum'} as const;

/**
 * A configuration of keepalived for the service (keepalived.conf(5), 2.3). Without a check every real server stays in.
 * Throws InputError for what renderServices refuses, and for a service or real server that keepalived has no words for.
 */
export function renderKeepalived(service: VirtualService, check?: HealthCheck): string {
  // It looks at every word, so that what follows can be written as it is.
  renderServices([service]);
  const {key, scheduler, flags, persistence, onePacket, realServers} = service;
  const unknown = flags.find(flag => !/^(?:sh|mh)-(?:port|fallback)$/.test(flag));
  if (key.kind === 'fwmark') throw wordless('a service of a firewall mark', String(key.mark));
  if (unknown !== undefined) throw wordless('this flag of a scheduler', unknown);
  return `${[
    `virtual_server ${key.address} ${key.port} {`,
    `  protocol ${key.protocol.toUpperCase()}`,
    `  lvs_sched ${scheduler}`,
    ...flags.map(flag => `  ${flag}`),
    ...(onePacket ? ['  ops'] : []),
    ...(persistence === undefined ? [] : [`  persistence_timeout ${persistence.timeout}`]),
    ...(persistence?.netmask === undefined
      ? []
      : [`  persistence_granularity ${persistence.netmask}`]),
    ...(check === undefined ? [] : [`  delay_loop ${check.interval}`]),
    ...realServers.flatMap(server => renderServer(server, check).map(line => `  ${line}`)),
    '}',
  ].join('\n')}\n`;
}

const renderServer = (server: RealServer, check: HealthCheck | undefined): readonly string[] => [
  `real_server ${server.address} ${server.port} {`,
  `  lvs_method ${methods[server.forward]}${server.forward === 'tunnel' ? typeOf(server.tunnel) : ''}`,
  `  weight ${server.weight}`,
  ...(server.upperThreshold === undefined ? [] : [`  uthreshold ${server.upperThreshold}`]),
  ...(server.lowerThreshold === undefined ? [] : [`  lthreshold ${server.lowerThreshold}`]),
  ...(check === undefined
    ? []
    : [
        '  TCP_CHECK {',
        `    connect_timeout ${check.timeout}`,
        '    retry 1',
        '    delay_before_retry 1',
        '  }',
      ]),
  '}',
];

function typeOf(tunnel: TunnelType = {type: 'ipip'}): string {
  if (tunnel.type === 'ipip') return ' type ipip';
  if (tunnel.type === 'gre') return ` type gre ${tunnel.checksum ? 'csum' : 'nocsum'}`;
  return ` type gue port ${tunnel.port} ${tunnelChecksum[tunnel.checksum]}`;
}

const wordless = (what: string, value: string): InputError =>
  new InputError({
    what: `lvslab cannot write ${what} for keepalived`,
    value,
    next: 'leave it out, or configure the service by ipvsadm',
  });
