import type {Cause} from './causes.ts';
import type {FactExpectation} from './fact-types.ts';
import type {Protocol, VirtualService} from '../ipvs/types.ts';
import type {Family} from '../topology/types.ts';
import type {Carrier} from './carrier.ts';
import type {Failover, Outage} from './failover/types.ts';

export const verdicts = ['PASS', 'FAIL', 'SKIP', 'INCONCLUSIVE', 'ERROR'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * One link of an expected path. What a hop does not name must be as on the hop before (addresses, ports,
 * encapsulation), with the TTL one less for each node that forwarded; the first hop must name `ip`.
 */
export interface HopExpectation {
  /** `a > b`: the source MAC is a's, the destination MAC is b's on the network they share. `rs` is the chosen real server. */
  readonly link: string;
  /** Address pairs by name, outer to inner: `CIP > VIP`, or `['DIP > RIP', 'CIP > VIP']` in a tunnel. `RIP` is the chosen real server's. */
  readonly ip?: string | readonly string[];
  /** Inner ports: numbers, or a name bound by its first use in the connection: `CPORT > 80`, `LPORT > 8080`. */
  readonly ports?: string;
  /** How the inner packet is carried; default `ipip` when `ip` has two pairs, `none` otherwise. */
  readonly encapsulation?: 'none' | 'ipip' | 'gre' | 'gue';
  /** What the header that carries the inner packet must say; default the hop before's, as the encapsulation is. */
  readonly carrier?: Carrier;
  /** Inner TTL against the hop before: default -1 after a router or director, checked exactly. */
  readonly ttl?: number;
  /**
   * What is larger than so many bytes crosses in fragments of at most this size, cut as Linux cuts, and all else whole; default
   * the hop before's. With several, as for one of them. Without it everything crosses whole.
   */
  readonly mtu?: number | readonly number[];
  /** The claims that this hop proves. */
  readonly proves?: readonly string[];
}

/** One link of an ICMP error's path: as a hop, but for what it quotes. */
export interface ErrorHop extends Omit<HopExpectation, 'ports' | 'mtu' | 'proves'> {
  /** Addresses and ports of the quoted packet, as those of a hop; default the hop before's, and the first hop must name them. */
  readonly quotes?: {readonly ip: string | readonly string[]; readonly ports?: string};
}

/** ICMP errors that a node sends for packets of a connection, one for each: each packet that it refuses ends there. */
export interface ErrorExpectation {
  /** Of which direction the packets are. */
  readonly of: 'request' | 'reply';
  readonly type: number;
  readonly code: number;
  /** The MTU that it tells. Default: the message's last four header bytes are 0. */
  readonly mtu?: number;
  /** Each quoted packet is larger than so many bytes; default `mtu`. */
  readonly over?: number;
  /** How many bytes it quotes at most; default what Linux does: 548, over IPv6 1232. */
  readonly quotedBytes?: number;
  /** TTL of the quoted packet against the one that came to the node; default 0. */
  readonly quotedTtl?: number;
  readonly path: readonly ErrorHop[];
  /** How many there are: at least and at most. */
  readonly count: readonly [least: number, most: number];
  readonly proves?: readonly string[];
}

/** Frames that must not be seen: at this node (all its interfaces), with these inner or outer addresses. */
export interface NeverExpectation {
  readonly at: string;
  /** Address pairs by name, `*` for any: `VIP > CIP`, `* > RIP`. Omitted together with `anyAddress`: any frame of the flow. */
  readonly ip?: string;
  /** No header of any frame (ARP included) at the node may hold one of these addresses. */
  readonly anyAddress?: readonly string[];
  /** Only packets of this direction. */
  readonly direction?: 'request' | 'reply';
  readonly proves?: readonly string[];
}

/** What a lab expects of its run; plain data, saved with the run folder. */
export interface Expectation {
  readonly family: Family;
  readonly protocol: Protocol;
  /** Names beyond the topology's own (`VIP`, `CIP`, `DIP`, `RIP1` ...): name to address. */
  readonly names?: Readonly<Record<string, string>>;
  /** One-packet scheduling: each request is scheduled, and counts, as a connection of its own, and leaves no entry. */
  readonly onePacket?: boolean;
  /** Connections that the traffic must have made, no more and no fewer. */
  readonly connections: number;
  readonly virtual: {readonly address: string; readonly port: number};
  /** Further ones that the service is for, by a firewall mark: each is VIP in its connections. */
  readonly virtuals?: readonly {readonly address: string; readonly port: number}[];
  readonly realServers: readonly {
    readonly node: string;
    readonly port: number;
    /** Of its address and of the tunnel's outer header, where that is not `family`. */
    readonly family?: Family;
  }[];
  readonly request: readonly HopExpectation[];
  readonly reply: readonly HopExpectation[];
  /** ICMP errors; any other fails. */
  readonly errors?: readonly ErrorExpectation[];
  readonly never: readonly NeverExpectation[];
  /** Addresses that a client sends from beyond its own: each is CIP in its connections. */
  readonly clients?: readonly string[];
  /** The service as it is set up at first: its scheduler's model must choose as the packets show. */
  readonly schedule?: {
    readonly service: VirtualService;
    /** A template whose real server has weight 0 is left (net.ipv4.vs.expire_quiescent_template=1). */
    readonly expireQuiescent?: boolean;
    readonly proves: readonly string[];
  };
  /** Each FTP session's data connections: how they are agreed on, how many, and their packets' paths. */
  readonly ftp?: Ftp;
  /** How often all entries and templates must have been seen to be gone, between connections. */
  readonly expiry?: {readonly times: number; readonly proves: readonly string[]};
  /** keepalived's health checks, and what it must make of them. */
  readonly health?: Health;
  /** The connections are made twice: by ipvsadm's service and by keepalived's. */
  readonly same?: SameTwice;
  /** Several directors: who is master when, and what they say to each other. */
  readonly failover?: Failover;
  /** Real servers must take turns (rr). */
  readonly roundRobin: boolean;
  /** Every connection, and no other, must be in the director's `ipvsadm -Lnc` with the destination and state that the packets show. */
  readonly entries?: {readonly node: string; readonly proves?: readonly string[]};
  /**
   * Every request must be answered with status 200 by the real server that its packets reached; or, with `refused`, be
   * refused (ECONNREFUSED) and not answered.
   */
  readonly answers: {readonly proves?: readonly string[]; readonly refused?: true};
  /** What IPVS counted on these directors must be what the packets show. */
  readonly counters?: {readonly nodes: readonly string[]; readonly proves?: readonly string[]};
  /** Checks on collected texts and topology that no frame can show: see FactExpectation. */
  readonly facts: readonly FactExpectation[];
}

/** FTP over the service: its connections are control connections, which agree on others for data. */
export interface Ftp {
  /** By which a client asks for a data connection: passive (PASV, EPSV) or active (PORT, EPRT). */
  readonly command: 'PASV' | 'EPSV' | 'PORT' | 'EPRT';
  /** Data connections in all. */
  readonly transfers: number;
  /** The way of what the end that opens the data connection sends: the client, or in active mode the real server. */
  readonly request: readonly HopExpectation[];
  readonly reply: readonly HopExpectation[];
  readonly proves: readonly string[];
}

/** What keepalived on a director does beside the service: its own connections DIP > RIP, and changes of the service. */
export interface Health {
  /** The director. */
  readonly node: string;
  /** Real servers that it takes out and puts back, in order. */
  readonly changes: readonly {readonly kind: 'remove' | 'add'; readonly node: string}[];
  readonly proves: readonly string[];
}

/** As many connections by ipvsadm's service as `first` says, and then the same by keepalived's. */
export interface SameTwice {
  readonly first: number;
  readonly proves: readonly string[];
}

/** One judged thing. Judging nothing (`judged` 0) is a failure, never a pass. */
export interface Check {
  readonly id: string;
  /** What was checked, in words: `request, hop 3: director > rs1`. */
  readonly title: string;
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE';
  readonly proves: readonly string[];
  /** How many frames, connections or texts it looked at. */
  readonly judged: number;
  /** The first failures; `omitted` counts the ones that were found beyond them. */
  readonly failures: readonly Failure[];
  readonly omitted?: number;
}

export interface Failure {
  /** `ip.dst`, `eth.dst`, `tcp.dstport`, `ip.ttl`, `encapsulation`, `path`, `connections`, `answer` ... */
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
  /** `frame 14, director eth1`. */
  readonly place: string;
  /** One-line prints of the packet as expected and as seen, '' when there is none. */
  readonly expectedPacket: string;
  readonly actualPacket: string;
}

/** A cause with what shows it. */
export interface Diagnosis {
  readonly cause: Cause;
  readonly text: string;
  /** Frames and collected lines that show it. */
  readonly evidence: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  /** Why the verdict is INCONCLUSIVE, SKIP or ERROR; [] otherwise. */
  readonly reasons: readonly string[];
  readonly claims: readonly {readonly id: string; readonly verdict: Verdict}[];
  readonly diagnoses: readonly Diagnosis[];
  readonly captures: {readonly frames: number; readonly dropped: number};
  readonly measured: Measured;
}

/** Bytes of whole frames that passed each node's interfaces, flows only. */
export interface Measured {
  /** node -> bytes of request and of reply packets, in (received) and out (sent). */
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly requestIn: number;
        readonly requestOut: number;
        readonly replyIn: number;
        readonly replyOut: number;
      }
    >
  >;
  /** Of failovers. */
  readonly outages?: readonly Outage[];
}
