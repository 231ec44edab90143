import type {Forward, Protocol, TunnelType} from '../ipvs/types.ts';
import type {Family} from '../topology/types.ts';

export interface LabService {
  readonly protocol: Protocol;
  readonly vip: string;
  readonly port: number;
  readonly scheduler: string;
  /** Scheduler flags: sh-port, sh-fallback, mh-port, mh-fallback. */
  readonly flags?: readonly string[];
  /** Seconds, and the netmask (v4) or prefix length (v6) that groups clients. */
  readonly persistence?: {readonly timeout: number; readonly netmask?: string};
  /**
   * A service of a firewall mark: the director marks what is for its ports, `port` and these, at its addresses, the VIP and
   * further ones of its network that nobody has (`addresses` with the VIP).
   */
  readonly mark?: {
    readonly number: number;
    readonly ports?: readonly number[];
    readonly addresses?: number;
  };
  /** One-packet scheduling (udp): each datagram is scheduled anew. */
  readonly onePacket?: boolean;
}

export interface LabRealServer {
  readonly node: string;
  /** Of its address, where that is not the lab's: by tunnel only. */
  readonly family?: Family;
  readonly forward: Forward | 'fullnat';
  /** Default: the service's port. */
  readonly port?: number;
  readonly tunnel?: TunnelType;
  readonly weight?: number;
  /** `ipvsadm -x` and `-y`: connections from which it gets no more, and below which it gets some again. */
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  /** Nothing listens there (udp). */
  readonly serves?: false;
}
