import type {KernelNeed} from '../host/kernel-needs.ts';
import type {Setup} from '../ipvs/method.ts';
import type {Forward, Protocol, TunnelType} from '../ipvs/types.ts';
import type {Family} from '../topology/types.ts';
import type {FtpCommand} from '../traffic/ftp.ts';
import type {Exchange} from './exchange/types.ts';
import type {FailoverLab} from './failover/types.ts';
import type {
  Cause,
  ErrorExpectation,
  FactExpectation,
  HopExpectation,
  NeverExpectation,
} from '../verdict/types.ts';

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

/**
 * Connections of the service's protocol, one after the other; each request in them has a unique token. Over TCP they
 * are HTTP to the same servers.
 */
export interface ConnectionTraffic {
  readonly kind: 'connections';
  readonly from: string;
  readonly to: string;
  readonly connections: number;
  /** How many addresses of its network the client sends from, in turn. With 1 it is its own. */
  readonly sources: number;
  /** The source port of the first connection; each further round of the sources takes the next. Default: the kernel chooses. */
  readonly sourcePort?: number;
  /** How many addresses of a marked service they go to, in turn; default: `to` alone. */
  readonly destinations?: number;
  /** Ports of a marked service, of which each further round of the addresses takes the next; default: the service's. */
  readonly ports?: readonly number[];
  /** Requests on each connection. */
  readonly messages: number;
  readonly bytes: number;
  /** Bytes of filler in each request: over TCP in its header. */
  readonly upload?: number;
  readonly timeout: number;
  /** Stay open under this name until they are released. */
  readonly hold?: string;
}

/** FTP sessions with real servers that serve FTP, one after the other; each fetches a file over data connections of its own. */
export interface FtpTraffic {
  readonly kind: 'ftp';
  readonly from: string;
  readonly to: string;
  /** How data connections are agreed on: passive (PASV, EPSV) or active (PORT, EPRT). */
  readonly command: FtpCommand;
  readonly sessions: number;
  /** Data connections of each session. */
  readonly transfers: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Seconds that a transfer may take. */
  readonly timeout: number;
}

/** Closes connections that were held open, and waits until they are. */
export interface Release {
  readonly kind: 'release';
  readonly hold: string;
}

/** What the administrator changes at the service between connections. */
export interface Edit {
  readonly kind: 'edit';
  /** Node name to its new weight. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly add?: readonly LabRealServer[];
  readonly remove?: readonly string[];
}

/** keepalived takes the service over: what ipvsadm set up is cleared, and keepalived sets it up again. */
export interface Keepalived {
  readonly kind: 'keepalived';
  /** Real servers are checked by TCP connections, so often (seconds); default: not at all. */
  readonly check?: {readonly interval: number; readonly timeout: number};
}

/** The server program of a real server is stopped or started: HTTP over TCP only. */
export interface Serve {
  readonly kind: 'serve';
  readonly node: string;
  readonly up: boolean;
}

/** Waits until the service has the real server, or has it no more. */
export interface Until {
  readonly kind: 'until';
  readonly node: string;
  readonly listed: boolean;
  /** The longest that it may take, in seconds. */
  readonly seconds: number;
}

/** The timeouts of connection entries, in seconds (`ipvsadm --set`): of TCP, of TCP after a FIN, of UDP. */
export interface Timeouts {
  readonly kind: 'timeouts';
  readonly tcp?: number;
  readonly finWait?: number;
  readonly udp?: number;
}

/** Waits until the director has neither a connection entry nor a persistence template any more. */
export interface Expire {
  readonly kind: 'expire';
  /** The longest that it may take, in seconds. */
  readonly seconds: number;
}

export type Step =
  | HttpTraffic
  | ConnectionTraffic
  | FtpTraffic
  | Release
  | Edit
  | Keepalived
  | Serve
  | Until
  | Timeouts
  | Expire;

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
