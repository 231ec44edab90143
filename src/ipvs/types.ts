export const protocols = ['tcp', 'udp', 'sctp'] as const;
export type Protocol = (typeof protocols)[number];

/** ipvsadm's forwarding methods. Full NAT is masq plus SNAT by netfilter: mainline has no method of that name. */
export const forwards = ['masq', 'droute', 'tunnel'] as const;
export type Forward = (typeof forwards)[number];

export type TunnelType =
  | {readonly type: 'ipip'}
  | {readonly type: 'gre'; readonly checksum: boolean}
  | {
      readonly type: 'gue';
      readonly port: number;
      readonly checksum: 'none' | 'checksum' | 'remote';
    };

export interface RealServer {
  readonly address: string;
  readonly port: number;
  readonly forward: Forward;
  /** Only with `forward: 'tunnel'`. */
  readonly tunnel?: TunnelType | undefined;
  readonly weight: number;
  readonly upperThreshold?: number | undefined;
  readonly lowerThreshold?: number | undefined;
}

/** What a virtual service is known by: protocol, address and port, or a firewall mark. */
export type ServiceKey =
  | {
      readonly kind: 'address';
      readonly protocol: Protocol;
      readonly address: string;
      readonly port: number;
    }
  | {readonly kind: 'fwmark'; readonly mark: number; readonly family: 'v4' | 'v6'};

export interface VirtualService {
  readonly key: ServiceKey;
  readonly scheduler: string;
  /** Scheduler flags: sh-port, sh-fallback, mh-port, mh-fallback, flag-1 ... */
  readonly flags: readonly string[];
  /** Seconds, and netmask (v4) or prefix length (v6) when it groups clients. */
  readonly persistence?:
    {readonly timeout: number; readonly netmask?: string | undefined} | undefined;
  readonly onePacket: boolean;
  readonly realServers: readonly RealServer[];
}

/** A change of a service's real servers. */
export interface ServerEdit {
  readonly kind: 'add' | 'edit' | 'remove';
  readonly server: RealServer;
}

/** A row of `ipvsadm -Lnc`. Port 0 as client port marks a persistence template. */
export interface ConnectionEntry {
  readonly protocol: string;
  /** Seconds left. */
  readonly expires: number;
  readonly state: string;
  readonly client: {readonly address: string; readonly port: number};
  readonly virtual: {readonly address: string; readonly port: number};
  readonly destination: {readonly address: string; readonly port: number};
}

/** Counters of `ipvsadm -Ln --stats --exact`, of a service or a real server. */
export interface Counters {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface ListedRealServer extends RealServer {
  /** `Local` and `Bypass` are forms that only a listing has. */
  readonly listedForward: 'Masq' | 'Route' | 'Tunnel' | 'Local' | 'Bypass';
  readonly active?: number | undefined;
  readonly inactive?: number | undefined;
  readonly counters?: Counters | undefined;
}

export interface ListedService extends Omit<VirtualService, 'realServers'> {
  readonly counters?: Counters | undefined;
  readonly realServers: readonly ListedRealServer[];
}
