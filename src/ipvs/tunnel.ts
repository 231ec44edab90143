import type {Family} from '../topology/types.ts';
import type {TunnelType} from './types.ts';

/** The end of a tunnel at a real server. */
export interface TunnelEnd {
  /** Decapsulates. */
  readonly device: 'tunl0' | 'sit0' | 'gre0' | 'gre1' | 'ip6tnl0' | 'ip6gre0';
  /** The device that every namespace gets from the module of it; `device` unless that one is made. */
  readonly fallback: 'tunl0' | 'sit0' | 'gre0' | 'ip6tnl0' | 'ip6gre0';
  /** Where the VIP goes. */
  readonly holdsVip: string;
  /** Commands that let the fallback device take the inner family; [] where it does. */
  readonly mode: readonly string[];
  /** Commands that make the device, or open what hands over to it; `rip` is an address that was checked. */
  open(rip: string): readonly string[];
}

/** The families of a tunnel's headers: that of the service, and that of the real server's address. */
export interface TunnelFamilies {
  readonly inner: Family;
  readonly outer: Family;
}

/**
 * What decapsulates a tunnel: the fallback device, which is there once its module is loaded. It takes no GRE with a
 * checksum: ip_tunnel_rcv drops what has one at a device without icsum, and the other way round (net/ipv4/ip_tunnel.c),
 * and fallback devices cannot be changed; so that is given a device of its own. But for the mode of ip6tnl0, which at first
 * takes IPv6 alone (net/ipv6/ip6_tunnel.c, ip6_tnl0_update); over IPv4, sit0 takes IPv6 and tunl0 IPv4. GRE takes both.
 */
export function tunnelOn(tunnel: TunnelType, families: TunnelFamilies): TunnelEnd {
  const {outer} = families;
  const [gre, fou, kind] =
    outer === 'v4'
      ? (['gre0', 'ip fou', 'gre'] as const)
      : (['ip6gre0', 'ip -6 fou', 'ip6gre'] as const);
  const {ip, mode} = ipInIp(families);
  if (tunnel.type === 'ipip') return {device: ip, fallback: ip, holdsVip: ip, mode, open: () => []};
  if (tunnel.type === 'gue')
    return {
      device: ip,
      fallback: ip,
      holdsVip: 'lo',
      mode,
      open: () => [`${fou} add port ${tunnel.port} gue`],
    };
  if (!tunnel.checksum)
    return {device: gre, fallback: gre, holdsVip: gre, mode: [], open: () => []};
  return {
    device: 'gre1',
    fallback: gre,
    holdsVip: 'gre1',
    mode: [],
    open: rip => [`ip link add gre1 type ${kind} local ${rip} csum`],
  };
}

/** The device that takes IP in IP, and what makes it take the inner family. */
function ipInIp({inner, outer}: TunnelFamilies): {
  readonly ip: 'tunl0' | 'sit0' | 'ip6tnl0';
  readonly mode: readonly string[];
} {
  if (outer === 'v4') return {ip: inner === 'v4' ? 'tunl0' : 'sit0', mode: []};
  return {
    ip: 'ip6tnl0',
    mode: inner === 'v6' ? [] : ['ip -6 tunnel change ip6tnl0 mode any'],
  };
}

/** The tunnel that a real server is set up for, which a counter-lab may get wrong. */
export const receivedTunnel = (
  tunnel: TunnelType,
  {greDevice}: {readonly greDevice?: 'fallback' | undefined},
): TunnelType =>
  tunnel.type === 'gre' && greDevice === 'fallback' ? {type: 'gre', checksum: false} : tunnel;
