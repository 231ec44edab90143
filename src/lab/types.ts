import type {Forward, Protocol, TunnelType} from '../ipvs/types.ts';
import type {Family} from '../topology/types.ts';
import type {Cause, FactExpectation, HopExpectation, NeverExpectation} from '../verdict/types.ts';

/** How the forwarding method is set up around IPVS. Each field is something that a counter-lab can get wrong. */
export interface MethodSetup {
  /** masq + SNAT by netfilter makes full NAT. */
  readonly sourceNat: boolean;
  /** net.ipv4.vs.conntrack on the director. */
  readonly conntrack: 0 | 1;
  /** Real servers hold the VIP (droute: on lo; tunnel: on the tunnel device). */
  readonly vipOnRealServer: boolean;
  /** arp_ignore=1 and arp_announce=2 on the real servers. */
  readonly arpSuppression: boolean;
  /** The tunnel device is up (tunnel only). */
  readonly tunnelUp: boolean;
  /** rp_filter on `all` and on the tunnel device of the real servers. */
  readonly rpFilter: 0 | 1;
  /**
   * The real servers' default gateway: a node on their network, `none` for a route to the director's network and
   * no default route; undefined leaves the topology's.
   */
  readonly gateway?: string | undefined;
}

export interface LabService {
  readonly protocol: Protocol;
  readonly vip: string;
  readonly port: number;
  readonly scheduler: string;
}

export interface LabRealServer {
  readonly node: string;
  readonly forward: Forward | 'fullnat';
  /** Default: the service's port. */
  readonly port?: number;
  readonly tunnel?: TunnelType;
  readonly weight?: number;
}

/** HTTP requests, one connection each, one after the other, each with a unique token. */
export interface HttpTraffic {
  readonly kind: 'http';
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  /** Body bytes of each answer. */
  readonly bytes: number;
  /** Seconds that a request may take. */
  readonly timeout: number;
}

/** A deliberately wrong set-up that must FAIL, for the stated cause. */
export interface CounterLab {
  readonly claim: string;
  readonly when: string;
  readonly change: {
    readonly setup?: Partial<MethodSetup>;
    readonly topology?: string;
    /** The port that the real servers' HTTP server listens on, the service unchanged. */
    readonly listen?: number;
    /** Only these real servers get the change; default all. */
    readonly nodes?: readonly string[];
  };
  readonly cause: Cause;
}

/** A lab as its file states it. */
export interface LabSpec {
  readonly title: string;
  readonly claims: readonly string[];
  readonly topology: string;
  readonly family?: Family;
  readonly service: LabService;
  readonly realServers: readonly LabRealServer[];
  readonly setup?: Partial<MethodSetup>;
  readonly traffic: HttpTraffic;
  readonly expect: {
    readonly request: readonly HopExpectation[];
    readonly reply: readonly HopExpectation[];
    readonly never?: readonly NeverExpectation[];
    readonly facts?: readonly FactExpectation[];
    readonly entries?: {readonly proves: readonly string[]};
    readonly answers?: {readonly proves: readonly string[]};
  };
  readonly counter: readonly CounterLab[];
}

/** A lab with its name (`modes/dr`), which its place below `labs/` gives. */
export interface Lab extends LabSpec {
  readonly kind: 'lab';
  readonly name: string;
  readonly file: string;
}

/** A lab that runs nothing of its own: it compares what other labs measured. */
export interface ComparisonSpec {
  readonly title: string;
  readonly claims: readonly string[];
  readonly of: readonly string[];
}

export interface Comparison extends ComparisonSpec {
  readonly kind: 'comparison';
  readonly name: string;
  readonly file: string;
}
