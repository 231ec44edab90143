import type {VirtualService} from '../../ipvs/types.ts';

/** What a lab of several directors expects beyond the paths; in its hops, `director` is the one that has the address. */
export interface Failover {
  readonly directors: readonly string[];
  /** What each of them is to be set up with; its counters and tables are judged where this is saved with the run. */
  readonly services?: readonly VirtualService[];
  /** Centiseconds between two advertisements of VRRP version 3. */
  readonly interval: number;
  readonly routers: readonly FailoverRouter[];
  /** The sync daemon's messages: on this network, with this id, from the master of this virtual router. */
  readonly sync?: {readonly network: string; readonly id: number; readonly router: number};
  /** One for each time that masters were waited for: by virtual router its masters, the last one is who announced last. */
  readonly phases: readonly {readonly masters: Readonly<Record<string, readonly string[]>>}[];
  /** Connections that are there before a director dies and after. */
  readonly survivors: number;
  readonly proves: Readonly<Record<FailoverCheck, readonly string[]>>;
}

/** A virtual router with its addresses resolved. */
export interface FailoverRouter {
  readonly id: number;
  readonly network: string;
  readonly addresses: readonly string[];
  /** By director. */
  readonly priorities: Readonly<Record<string, number>>;
}

/** Checks that a claim can be proven by. Those that nothing is to prove, and that have nothing to judge, are left out. */
export const failoverChecks = ['adverts', 'announced', 'asked', 'synced', 'survive'] as const;
export type FailoverCheck = (typeof failoverChecks)[number];

/** How long an address was with nobody, by the times of frames: milliseconds from the last one that the old master forwarded, or from its death where that was later. */
export interface Outage {
  readonly router: number;
  readonly from: string;
  readonly to: string;
  /** To the new master's first announcement or advertisement. */
  readonly takeoverMs: number;
  /** To the first frame that it forwarded; undefined when there was none. */
  readonly gapMs: number | undefined;
  /** Packets that ended at the dead director meanwhile. */
  readonly lost: number;
}
