import type {KernelNeed} from '../host/kernel-needs.ts';
import type {Setup} from '../ipvs/method.ts';
import type {Forward, Protocol, TunnelType} from '../ipvs/types.ts';
import type {Family} from '../topology/types.ts';
import type {Cause, FactExpectation, HopExpectation, NeverExpectation} from '../verdict/types.ts';

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
    readonly setup?: Partial<Setup>;
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
  /** What it needs of the kernel beyond what its set-up shows: a kernel without is SKIP. Sysctls by name. */
  readonly needs?: readonly KernelNeed[];
  readonly family?: Family;
  readonly service: LabService;
  readonly realServers: readonly LabRealServer[];
  readonly setup?: Partial<Setup>;
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
