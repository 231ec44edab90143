import type {Family} from '../topology/types.ts';
import type {TunnelType} from './types.ts';

/** The end of a tunnel at a real server. */
export interface TunnelEnd {
  /** Decapsulates. */
  readonly device: 'tunl0' | 'gre0' | 'gre1' | 'ip6tnl0' | 'ip6gre0';
  /** The device that every namespace gets from the module of it; `device` unless that one is made. */
  readonly fallback: 'tunl0' | 'gre0' | 'ip6tnl0' | 'ip6gre0';
  /** Where the VIP goes. */
  readonly holdsVip: string;
  /** Commands that make the device, or open what hands over to it; `rip` is an address that was checked. */
  open(rip: string): readonly string[];
}

/**
 * What decapsulates a tunnel: the fallback device, which is there once its module is loaded. It takes no GRE with a
 * checksum: ip_tunnel_rcv drops what has one at a device without icsum, and the other way round (net/ipv4/ip_tunnel.c),
 * and fallback devices cannot be changed; so that is given a device of its own.
 */
export function tunnelOn(tunnel: TunnelType, family: Family): TunnelEnd {
  const [ip, gre, fou, kind] =
    family === 'v4'
      ? (['tunl0', 'gre0', 'ip fou', 'gre'] as const)
      : (['ip6tnl0', 'ip6gre0', 'ip -6 fou', 'ip6gre'] as const);
  if (tunnel.type === 'ipip') return {device: ip, fallback: ip, holdsVip: ip, open: () => []};
  if (tunnel.type === 'gue')
    return {
      device: ip,
      fallback: ip,
      holdsVip: 'lo',
      open: () => [`${fou} add port ${tunnel.port} gue`],
    };
  if (!tunnel.checksum) return {device: gre, fallback: gre, holdsVip: gre, open: () => []};
  return {
    device: 'gre1',
    fallback: gre,
    holdsVip: 'gre1',
    open: rip => [`ip link add gre1 type ${kind} local ${rip} csum`],
  };
}

/** The tunnel that a real server is set up for, which a counter-lab may get wrong. */
export const receivedTunnel = (
  tunnel: TunnelType,
  {greDevice}: {readonly greDevice?: 'fallback' | undefined},
): TunnelType =>
  tunnel.type === 'gre' && greDevice === 'fallback' ? {type: 'gre', checksum: false} : tunnel;
