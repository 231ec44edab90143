import type {LabRealServer, LabService} from './service-types.ts';
import type {Step} from './step-types.ts';
import type {KernelNeed} from '../host/kernel-needs.ts';
import type {Setup} from '../ipvs/method.ts';
import type {Forward, TunnelType} from '../ipvs/types.ts';
import type {Family} from '../topology/types.ts';
import type {Exchange} from './exchange/types.ts';
import type {FailoverLab} from './failover/types.ts';
import type {ErrorExpectation, HopExpectation, NeverExpectation} from '../verdict/types.ts';
import type {FactExpectation} from '../verdict/fact-types.ts';
import type {Cause} from '../verdict/causes.ts';

/** Sysctls below `net.` by name. */
export type Sysctls = Readonly<Record<string, string | number>>;

/** A deliberately wrong set-up that must FAIL, for the stated cause. */
export interface CounterLab {
  readonly claim: string;
  readonly when: string;
  readonly change: {
    readonly setup?: Partial<Setup>;
    readonly topology?: string;
    /** By node; they replace the lab's own of the same name. */
    readonly sysctls?: Readonly<Record<string, Sysctls>>;
    /** The port that the real servers' HTTP server listens on, the service unchanged. */
    readonly listen?: number;
    /** Another port of the service, and of its real servers. */
    readonly port?: number;
    /** Another scheduler than the lab expects. */
    readonly scheduler?: string;
    /** Other options of the service than the lab expects. */
    readonly service?: {
      readonly onePacket?: boolean;
      /** `undefined` takes it away. */
      readonly persistence?: LabService['persistence'] | undefined;
    };
    /** What keepalived is told: another forwarding method, or no checks. */
    readonly keepalived?: {readonly forward?: Forward; readonly checks?: false};
    /** Ports of a marked service that the director does not mark. */
    readonly unmarked?: readonly number[];
    /** How the service wraps, the real servers unchanged. */
    readonly tunnel?: TunnelType;
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
  /** By node: what it has otherwise than the topology says. */
  readonly sysctls?: Readonly<Record<string, Sysctls>>;
  /** What happens, in order. */
  readonly traffic: Step | readonly Step[];
  readonly expect: {
    readonly request: readonly HopExpectation[];
    /** [] where every request is refused. */
    readonly reply: readonly HopExpectation[];
    /** The path of each packet of an FTP data connection; the request is of the end that opens it. */
    readonly data?: {
      readonly request: readonly HopExpectation[];
      readonly reply: readonly HopExpectation[];
      readonly proves: readonly string[];
    };
    /** ICMP errors for packets of its connections. */
    readonly errors?: readonly ErrorExpectation[];
    readonly never?: readonly NeverExpectation[];
    readonly facts?: readonly FactExpectation[];
    readonly entries?: {readonly proves: readonly string[]};
    /** What IPVS counted is what the packets show. */
    readonly counters?: {readonly proves: readonly string[]};
    /** With `refused`, that each request is refused: over UDP by an ICMP error that comes back. */
    readonly answers?: {readonly proves: readonly string[]; readonly refused?: true};
    /** Each connection goes to the real server that the scheduler's model computes. */
    readonly schedule?: {readonly proves: readonly string[]};
    /** Entries and templates end where the steps wait for it, and what comes then is scheduled anew. */
    readonly expiry?: {readonly proves: readonly string[]};
    /** keepalived's health checks go their way, and what it changes follows from them. */
    readonly health?: {readonly proves: readonly string[]};
    /** The connections before keepalived took over and those after it are the same, and so are the services. */
    readonly same?: {readonly proves: readonly string[]};
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

/** What a file below `labs/` can be. */
export type LabFile = Lab | Exchange | FailoverLab | Comparison;
