import type {KernelNeed} from '../../host/kernel-needs.ts';
import type {Setup} from '../../ipvs/method.ts';
import type {Family} from '../../topology/types.ts';
import type {
  EntryExpectation,
  ExchangeHop,
  Shape,
  ShapeIcmp,
  ShapeTcp,
  SyncedConnection,
} from '../../verdict/exchange/types.ts';
import type {Cause} from '../../verdict/causes.ts';
import type {Layer} from '../../wire/build.ts';
import type {SctpChunkFields} from '../../wire/sctp-encode.ts';
import type {SyncMessage} from './message.ts';
import type {Edit} from '../step-types.ts';
import type {LabRealServer, LabService} from '../service-types.ts';

/** One packet as it is built: what it does not say has a sound default, lengths and checksums are computed. */
export interface PacketFields {
  /** Address pairs, outer to inner, by name or as they stand: `CIP > VIP`, `['DIP > RIP1', 'CIP > VIP']`. */
  readonly ip: string | readonly string[];
  /** How the inner packet is carried where there are two pairs; default ipip. */
  readonly encapsulation?: 'ipip' | 'gre' | 'gue';
  /** TTL or hop limit of all IP headers; default 64. */
  readonly ttl?: number;
  /** The IPv4 id, or the IPv6 flow label, of the innermost header; default one of the packet's own. */
  readonly id?: number;
  /** Default true, but for fragments. */
  readonly df?: boolean;
  readonly tos?: number;
  /** IPv4 options, in hex. */
  readonly options?: string;
  /** What it is a fragment of: `offset` in bytes. All fragments of a packet need the same id. */
  readonly fragment?: {readonly offset: number; readonly more: boolean};
  /** IPv6 extension headers by their number, with what comes behind next header and length, in hex. */
  readonly extensions?: readonly {readonly type: number; readonly body: string}[];
  readonly tcp?: ShapeTcp & {
    readonly ports: string;
    readonly flags: string;
    readonly mss?: number;
    readonly checksum?: 'bad';
  };
  readonly udp?: {readonly ports: string; readonly checksum?: 'bad' | 'none'};
  readonly sctp?: {
    readonly ports: string;
    /** The verification tag. */
    readonly tag?: number;
    readonly chunks?: readonly SctpChunkFields[];
    readonly checksum?: 'bad';
  };
  readonly icmp?: ShapeIcmp & {
    readonly checksum?: 'bad';
    /** The packet that an error quotes, and how many bytes of it behind its IP header; default as Linux does. */
    readonly quotes?: PacketFields & {readonly behind?: number};
  };
  /** A message between directors, which the datagram carries: to 224.0.0.81, on a link `node > network`. */
  readonly sync?: SyncMessage;
  /** A text, or so many bytes. */
  readonly payload?: string | number;
  /** In the place of all else but `ip`: layers as src/wire builds them, with names of addresses. */
  readonly layers?: readonly Layer[];
}

/** A hop as a link alone, or with what changes on it. What goes to a multicast group is seen by all of a network: `rs4 > lan`. */
export type PathItem = string | ExchangeHop;

/** A packet that a node makes because of another one: what it does not say is free, but for its addresses. */
export interface Caused extends Omit<Shape, 'quotes'> {
  readonly ip: string;
  /** Numbers: `80 > 4000`. */
  readonly ports?: string;
  /** What an ICMP error quotes: by default the packet that caused it, as it arrived. */
  readonly quotes?: {readonly ip: string; readonly ports?: string};
  readonly path: readonly PathItem[];
}

/** A packet that a node sends, the links that it crosses, and all the packets that it causes. */
export interface PacketStep extends PacketFields {
  readonly kind: 'packet';
  readonly from: string;
  /** One fragment of it, in its place: it is cut for this MTU, and this is the number of the fragment, from 1 on. */
  readonly piece?: {readonly mtu: number; readonly number: number};
  readonly path: readonly PathItem[];
  readonly causes?: readonly Caused[];
}

/** Packets of one node in one go: the next step waits until all have come through. */
export interface TogetherStep {
  readonly kind: 'together';
  readonly packets: readonly PacketStep[];
}

/** A packet so many times, in one go, each from the next source port. The paths are taken in turn. */
export interface RepeatStep {
  readonly kind: 'repeat';
  readonly times: number;
  readonly packet: Omit<PacketStep, 'kind' | 'path' | 'causes'>;
  readonly paths: readonly (readonly PathItem[])[];
}

/** `ipvsadm -Lnc` at this moment, or within so many seconds: these entries and no others, in any order. */
export interface EntriesStep {
  readonly kind: 'entries';
  readonly entries: readonly EntryExpectation[];
  readonly within?: number;
  readonly proves?: readonly string[];
}

/** What a node says at this moment: a file below /proc, or the output of a known command. */
export interface ShowsStep {
  readonly kind: 'shows';
  readonly node: string;
  readonly what: string;
  /** Regular expressions of which each must fit a line. */
  readonly lines?: readonly string[];
  /** Regular expressions that fit no line. */
  readonly not?: readonly string[];
  /** Wait so many seconds for it at most. */
  readonly within?: number;
  readonly proves?: readonly string[];
}

/** Counters of nstat(8), against what they were before the first step. */
export interface CountersStep {
  readonly kind: 'counters';
  readonly node: string;
  readonly rose: Readonly<Record<string, number>>;
  readonly proves?: readonly string[];
}

/** Sets sysctls of a node between two steps. */
export interface SysctlStep {
  readonly kind: 'sysctl';
  readonly node: string;
  readonly values: Sysctls;
}

/** The director's sync daemon tells of these connections once more, and of no others since the last such step. */
export interface SyncedStep {
  readonly kind: 'synced';
  readonly connections: readonly SyncedConnection[];
  /** Of the protocol between directors; default 1. */
  readonly version?: 0 | 1;
  /** UDP ports of which each gets a message; default 8848. */
  readonly ports?: readonly number[];
  readonly proves?: readonly string[];
}

export type Sysctls = Readonly<Record<string, string | number>>;

export type ExchangeStep =
  | PacketStep
  | TogetherStep
  | RepeatStep
  | EntriesStep
  | ShowsStep
  | CountersStep
  | SysctlStep
  | SyncedStep
  | Edit;

/** A deliberately wrong set-up that must FAIL, for the stated cause. */
export interface ExchangeCounter {
  readonly claim: string;
  readonly when: string;
  readonly change: {
    /** By node; they replace those of the set-up and of the steps. */
    readonly sysctls?: Readonly<Record<string, Sysctls>>;
    readonly setup?: Partial<Setup>;
    readonly scheduler?: string;
    readonly timeouts?: Timeouts;
    /** `undefined` takes it away. */
    readonly service?: {readonly persistence?: LabService['persistence'] | undefined};
    readonly sync?: {readonly id: number};
  };
  readonly cause: Cause;
}

/** Seconds, for `ipvsadm --set`; 0 leaves one as it is. */
export interface Timeouts {
  readonly tcp?: number;
  readonly tcpfin?: number;
  readonly udp?: number;
}

/**
 * A script of packets that ordinary programs never send. The client and the real servers are deaf: their kernels drop what
 * comes, so that all packets are either of the script or made by the director or a router.
 */
export interface ExchangeSpec {
  readonly title: string;
  readonly claims: readonly string[];
  readonly topology: string;
  readonly family?: Family;
  readonly needs?: readonly KernelNeed[];
  readonly service: LabService;
  readonly realServers: readonly LabRealServer[];
  readonly setup?: Partial<Setup>;
  /** Names beyond the topology's own: name to address. */
  readonly names?: Readonly<Record<string, string>>;
  /** By node. */
  readonly sysctls?: Readonly<Record<string, Sysctls>>;
  readonly timeouts?: Timeouts;
  /**
   * The director tells others of its connections on this network, with this sync id, or as a backup is told of theirs
   * (ipvsadm --start-daemon).
   */
  readonly sync?: {readonly network: string; readonly id: number; readonly state?: 'backup'};
  /** Nodes that take what comes to them in IPIP: their tunl0 is up. */
  readonly tunnelEnds?: readonly string[];
  readonly steps: readonly ExchangeStep[];
  readonly counter: readonly ExchangeCounter[];
}

/** An exchange with its name (`sysctls/sloppy-tcp`), which its place below `labs/` gives. */
export interface Exchange extends ExchangeSpec {
  readonly kind: 'exchange';
  readonly name: string;
  readonly file: string;
}
