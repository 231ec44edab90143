import type {VirtualService} from '../../ipvs/types.ts';
import type {Family} from '../../topology/types.ts';
import type {HopExpectation} from '../types.ts';

/** One link of a packet of an exchange: a hop, and what an ICMP error on it quotes. */
export interface ExchangeHop extends HopExpectation {
  /** Addresses and ports of the quoted packet; default as on the hop before. */
  readonly quotes?: {readonly ip: string; readonly ports?: string};
  /** What the checksum of TCP, UDP, SCTP or ICMP is here; default as on the hop before. */
  readonly checksum?: 'good' | 'bad' | 'none';
}

export interface ShapeTcp {
  /** As tcpdump prints them: `S`, `S.`, `.`, `F.`, `R`, `P.`. */
  readonly flags?: string;
  readonly seq?: number;
  readonly ack?: number;
  readonly window?: number;
}

/** Also of ICMPv6: which it is follows from the addresses. */
export interface ShapeIcmp {
  readonly type: number;
  readonly code?: number;
  /** Of an echo. */
  readonly id?: number;
  readonly seq?: number;
  /** The next-hop MTU of an error. */
  readonly mtu?: number;
  /** The four bytes behind the checksum as they stand. */
  readonly rest?: number;
}

/** What is known of a packet that a node made itself. What is not named here is free. */
export interface Shape {
  readonly ttl?: number;
  readonly tcp?: ShapeTcp;
  readonly udp?: true;
  /** The type of its only chunk (RFC 9260, 3.2): 6 for ABORT. */
  readonly sctp?: {readonly chunk: number};
  readonly icmp?: ShapeIcmp;
  /** Bytes. */
  readonly length?: number;
  readonly quotes?: {readonly ip: string; readonly ports?: string} | undefined;
}

/** A packet that a node makes because of another one. The first hop says its addresses and ports. */
export interface CausedExpectation {
  readonly shape: Shape;
  readonly hops: readonly ExchangeHop[];
}

/** A packet of the script, with all that follows from it. */
export interface SentExpectation {
  readonly from: string;
  readonly device: string;
  /** The whole frame in hex, as it was sent. */
  readonly frame: string;
  readonly hops: readonly ExchangeHop[];
  readonly causes: readonly CausedExpectation[];
}

/** A row of `ipvsadm -Lnc`: endpoints as `CIP:4000`, `[2001:db8::1]:80`, by name or as they stand. */
export interface EntryExpectation {
  /** Default the service's, in capitals; `IP` for the template of a firewall mark. */
  readonly protocol?: string;
  readonly client: string;
  readonly virtual: string;
  readonly server: string;
  readonly state: string;
  /** Seconds left: at least and at most. */
  readonly expires?: readonly [number, number];
}

/** A connection as the sync daemon tells of it: endpoints as in an EntryExpectation, port 0 for a template's client. */
export type SyncedConnection = Pick<EntryExpectation, 'client' | 'virtual' | 'server'>;

/** Messages of the director's sync daemon, which tell of these connections and no others. */
export interface SyncedExpectation {
  readonly kind: 'synced';
  readonly step: number;
  readonly network: string;
  readonly syncId: number;
  readonly version: 0 | 1;
  /** The UDP ports that the messages may go to; each of them must get one. */
  readonly ports: readonly number[];
  /** The IP protocol's number. */
  readonly protocol: number;
  readonly connections: readonly SyncedConnection[];
  readonly proves: readonly string[];
}

export type StepExpectation =
  | SyncedExpectation
  | {
      readonly kind: 'packets';
      readonly step: number;
      readonly title: string;
      readonly packets: readonly SentExpectation[];
    }
  | {
      readonly kind: 'entries';
      readonly step: number;
      /** The name of the text of the director in the run folder. */
      readonly text: string;
      readonly protocol: string;
      readonly entries: readonly EntryExpectation[];
      readonly proves: readonly string[];
    }
  | {
      readonly kind: 'shows';
      readonly step: number;
      readonly node: string;
      readonly what: string;
      readonly text: string;
      readonly lines: readonly string[];
      readonly not: readonly string[];
      readonly proves: readonly string[];
    }
  | {
      readonly kind: 'counters';
      readonly step: number;
      readonly node: string;
      /** The texts before the first step and now. */
      readonly before: string;
      readonly text: string;
      readonly rose: Readonly<Record<string, number>>;
      readonly proves: readonly string[];
    };

/** What sysctls of a node are, once a step has set them. */
export interface SysctlExpectation {
  /** 0 before the first step. */
  readonly step: number;
  readonly node: string;
  /** The name of the text that tells it, as `name = value`. */
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Timeouts of the director before the first step. */
export interface TimeoutExpectation {
  /** The name of the director's text that tells them, as `ipvsadm -Ln --timeout` does. */
  readonly text: string;
  /** Seconds, of the timeouts that the lab sets: `tcp`, `tcpfin`, `udp`. */
  readonly values: Readonly<Record<string, number>>;
}

/** The director's sync daemon before the first step. */
export interface DaemonExpectation {
  /** The name of the director's text that tells it, as `ipvsadm -Ln --daemon` does. */
  readonly text: string;
  readonly state: 'master' | 'backup';
  readonly id: number;
}

/** What a director is to be set up with at first, and the addresses that its services are for. */
export interface IpvsExpectation {
  readonly services: readonly VirtualService[];
  readonly virtuals: readonly string[];
}

/** What an exchange expects of its run; plain data, saved with the run folder. */
export interface ExchangeExpectation {
  readonly kind: 'exchange';
  readonly family: Family;
  readonly director: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly steps: readonly StepExpectation[];
  /** The sysctls that the lab sets, each time that it does. */
  readonly sysctls: readonly SysctlExpectation[];
  readonly timeouts?: TimeoutExpectation;
  readonly daemon?: DaemonExpectation;
  /** What the director's IPVS is set up with; what it says of itself is judged where this is saved with the run. */
  readonly ipvs?: IpvsExpectation;
}
