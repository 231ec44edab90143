import type {Family} from '../../topology/types.ts';
import type {Protocol, RealServer} from '../types.ts';
import type {KernelFacts} from './kernel.ts';

/** A new connection (or, with one-packet scheduling, a datagram) as it reaches the director, before any rewrite. */
export interface Arrival {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: Protocol;
  /** Seconds since any fixed moment; only lblcr looks at it, to drop a server from a set that is old. Default: 0. */
  readonly at?: number | undefined;
}

/** What a real server is known by within its service. */
export type ServerId = Pick<RealServer, 'address' | 'port'>;

/** A real server as `ipvsadm -a` and `-e` set it. A threshold that is not given is 0: none. */
export type ServerSettings = ServerId &
  Pick<RealServer, 'weight' | 'upperThreshold' | 'lowerThreshold'>;

/** What the schedulers see of a real server (the kernel's struct ip_vs_dest). */
export interface ServerState extends ServerId {
  /** 0: quiesced. */
  readonly weight: number;
  /** The latest weight that was not 0, or the one it was added with. */
  readonly lastWeight: number;
  /** Connections by kind, as `ipvsadm -Ln` shows them under ActiveConn and InActConn. */
  readonly active: number;
  readonly inactive: number;
  /** Upper threshold reached, and not yet left again. */
  readonly overloaded: boolean;
  /** False once removed from the service. */
  readonly present: boolean;
}

/** The flags of a service for its scheduler. sh and mh share the bits, so their names are interchangeable. */
export interface SchedulerFlags {
  /** sh-fallback, mh-fallback, flag-1: another server when the hashed one is not available. */
  readonly fallback: boolean;
  /** sh-port, mh-port, flag-2: the source port is hashed too. */
  readonly port: boolean;
}

/** The service as a scheduler sees it; what changes is changed in place. */
export interface Setting {
  /** In the kernel's order: the latest added first (ip_vs_ctl.c, __ip_vs_update_dest). */
  readonly servers: readonly ServerState[];
  /** Of the service: a real server may be of the other one (tunnel). */
  readonly family: Family;
  readonly flags: SchedulerFlags;
  readonly kernel: KernelFacts;
}

/** The model of one service's scheduler: the callbacks of the kernel's struct ip_vs_scheduler. */
export interface SchedulerModel {
  /** The server for a new connection; undefined when none is available, and the connection is refused. */
  choose(arrival: Arrival): ServerState | undefined;
  /** A server was added, edited or removed. */
  changed?(): void;
  /** A server was removed, which stood after `before`, or first. Called ahead of `changed`. */
  removed?(server: ServerState, before: ServerState | undefined): void;
}
