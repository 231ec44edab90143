import type {KernelNeed} from '../../host/kernel-needs.ts';
import type {Forward} from '../../ipvs/types.ts';
import type {Family} from '../../topology/types.ts';
import type {HopExpectation, NeverExpectation} from '../../verdict/types.ts';
import type {Cause} from '../../verdict/causes.ts';
import type {ConnectionTraffic, HttpTraffic, Release} from '../step-types.ts';
import type {LabService} from '../service-types.ts';

/** A virtual router (VRRP, RFC 9568): the director with the highest priority has its addresses. */
export interface VirtualRouter {
  /** Its id on the wire (VRID). */
  readonly id: number;
  readonly network: string;
  /** Names of addresses of the topology. */
  readonly addresses: readonly string[];
  /** By director; all directors of the lab have one. */
  readonly priorities: Readonly<Record<string, number>>;
}

/** How the directors of a failover lab share what they share. */
export interface Sharing {
  /** Seconds between two advertisements, whole hundredths of one. */
  readonly interval: number;
  readonly routers: readonly VirtualRouter[];
  /** The connection sync daemon, on a network; the virtual router says who sends and who listens. */
  readonly sync?: {readonly network: string; readonly id: number; readonly router: number};
}

/** Starts keepalived on all directors. */
export interface Start {
  readonly kind: 'start';
}

/** Waits until each virtual router's addresses are at exactly these directors, and its sync daemons are what follows. */
export interface Masters {
  readonly kind: 'masters';
  /** By the virtual router's id; of several the last one became master last. */
  readonly of: Readonly<Record<string, readonly string[]>>;
  /** The longest that it may take. */
  readonly seconds: number;
}

/** A director dies: keepalived is killed and all its links go down, and nothing says goodbye. */
export interface Kill {
  readonly kind: 'kill';
  readonly node: string;
}

/** VRRP that comes to these directors is dropped by their firewall; the cure takes the rules away in the same order. */
export interface Block {
  readonly kind: 'block';
  readonly at: readonly string[];
}

/** The firewall's rules are taken away again. */
export interface Cure {
  readonly kind: 'cure';
}

/** Waits until a backup's table has the held connections. */
export interface Synced {
  readonly kind: 'synced';
  readonly node: string;
  readonly hold: string;
  readonly seconds: number;
}

/** Waits until a node's neighbour table sends what is for the address to a director. */
export interface Knows {
  readonly kind: 'knows';
  readonly node: string;
  readonly address: string;
  readonly director: string;
  readonly seconds: number;
}

/** More messages on held connections. */
export interface Ask {
  readonly kind: 'ask';
  readonly hold: string;
  readonly messages: number;
  /** Seconds that each may take: TCP sends again until the failover is over. */
  readonly timeout: number;
}

/** Messages on held connections, without end, until it is enough: they go on while other steps are done. */
export interface Chat {
  readonly kind: 'chat' | 'enough';
  readonly hold: string;
  /** Seconds that each may take: TCP sends again until a failover is over. */
  readonly timeout: number;
}

/** Asks who has an address (ARP): all that think so answer. */
export interface WhoHas {
  readonly kind: 'who-has';
  readonly from: string;
  readonly address: string;
}

export type FailoverStep =
  | Start
  | Masters
  | Kill
  | Block
  | Cure
  | Synced
  | Knows
  | Ask
  | Chat
  | WhoHas
  | HttpTraffic
  | ConnectionTraffic
  | Release;

/** A deliberately wrong set-up that must FAIL, for the stated cause. */
export interface FailoverCounter {
  readonly claim: string;
  readonly when: string;
  readonly change: {
    /** The directors run no sync daemon. */
    readonly sync?: false;
    /** The firewall's rules stay. */
    readonly cure?: false;
    /** A master that hears a higher priority does not tell of itself, and the higher one does not announce again. */
    readonly announceAgain?: false;
    /** By virtual router: what directors are told instead. */
    readonly priorities?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  readonly cause: Cause;
}

/** What a failover lab proves by what it checks beside the paths. */
export interface FailoverProofs {
  /** Who advertises which virtual router when, each advertisement right in all its fields. */
  readonly adverts?: {readonly proves: readonly string[]};
  /** Each new master announces the addresses, to all. */
  readonly announced?: {readonly proves: readonly string[]};
  /** Who answers who has an address: all masters, and nobody else. */
  readonly asked?: {readonly proves: readonly string[]};
  /** Sync messages carry what the packets show, and the backup's table has it. */
  readonly synced?: {readonly proves: readonly string[]};
  /** Held connections go on at the new master. */
  readonly survive?: {readonly proves: readonly string[]};
  readonly answers?: {readonly proves: readonly string[]};
}

/** A failover lab as its file states it. */
export interface FailoverSpec {
  readonly title: string;
  readonly claims: readonly string[];
  readonly topology: string;
  readonly needs?: readonly KernelNeed[];
  readonly family?: Family;
  /** TCP at each of these addresses, on one port. */
  readonly service: {
    readonly vips: readonly string[];
    readonly port: number;
    readonly scheduler: LabService['scheduler'];
  };
  readonly realServers: readonly {
    readonly node: string;
    readonly forward: Forward;
    /** Default: the service's port. */
    readonly port?: number;
  }[];
  readonly sharing: Sharing;
  /** What happens, in order. Traffic flows between the directors' changes, and in an outage. */
  readonly steps: readonly FailoverStep[];
  /** In links, `director` is the director that has the address at that time. */
  readonly expect: {
    readonly request: readonly HopExpectation[];
    readonly reply: readonly HopExpectation[];
    readonly never?: readonly NeverExpectation[];
  } & FailoverProofs;
  readonly counter: readonly FailoverCounter[];
}

/** A failover lab with its name. */
export interface FailoverLab extends FailoverSpec {
  readonly kind: 'failover';
  readonly name: string;
  readonly file: string;
}
