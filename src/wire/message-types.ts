import type {ChecksumState, Span} from './types.ts';

/** A type-length-value of an SCTP chunk: a parameter, or the cause of an error (RFC 9260 3.2.1, 3.3.10). */
export interface SctpParameter {
  readonly type: number;
  readonly data: Uint8Array;
}

interface Chunk extends Span {
  /** The chunk's number (RFC 9260 3.2); `length` is as its header says, without padding. */
  readonly type: number;
  readonly flags: number;
}

/** The chunks of RFC 9260 3.3 in their parts, and any other as it stands. */
export type SctpChunk = Chunk &
  (
    | {
        readonly kind: 'data';
        readonly tsn: number;
        readonly stream: number;
        readonly streamSequence: number;
        readonly payloadProtocol: number;
        readonly data: Uint8Array;
      }
    | {
        readonly kind: 'init' | 'init-ack';
        readonly initiateTag: number;
        /** In bytes. */
        readonly receiverWindow: number;
        readonly outboundStreams: number;
        readonly inboundStreams: number;
        readonly initialTsn: number;
        readonly parameters: readonly SctpParameter[];
      }
    | {
        readonly kind: 'sack';
        readonly cumulativeTsn: number;
        readonly receiverWindow: number;
        /** Offsets from the cumulative TSN. */
        readonly gaps: readonly {readonly start: number; readonly end: number}[];
        readonly duplicates: readonly number[];
      }
    | {
        readonly kind: 'heartbeat' | 'heartbeat-ack' | 'abort' | 'error';
        readonly parameters: readonly SctpParameter[];
      }
    | {readonly kind: 'shutdown'; readonly cumulativeTsn: number}
    | {readonly kind: 'shutdown-ack' | 'cookie-ack' | 'shutdown-complete'}
    | {readonly kind: 'cookie-echo'; readonly data: Uint8Array}
    | {readonly kind: 'other'; readonly data: Uint8Array}
  );

/** `length` is the common header's; the chunks have places of their own. */
export interface Sctp extends Span {
  readonly kind: 'sctp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  readonly chunks: readonly SctpChunk[];
  /** Of the CRC32c, which covers no address. */
  readonly checksum: ChecksumState;
}

/** A VRRP advertisement, version 2 (RFC 3768) or 3 (RFC 9568). */
export type Vrrp = Span & {
  readonly kind: 'vrrp';
  /** 1, ADVERTISEMENT, is the only one. */
  readonly type: number;
  /** The VRID. */
  readonly virtualRouter: number;
  /** 255 owns the addresses, 0 gives up mastership. */
  readonly priority: number;
  readonly addresses: readonly string[];
  readonly checksum: ChecksumState;
} & (
    | {
        readonly version: 2;
        /** In seconds. */
        readonly advertisementInterval: number;
        /** 0 none, 1 a simple password in `authentication`, 2 IP AH (RFC 2338). */
        readonly authenticationType: number;
        /** Eight bytes, zeros without authentication. */
        readonly authentication: Uint8Array;
      }
    | {
        readonly version: 3;
        /** In centiseconds. */
        readonly maxAdvertisementInterval: number;
        /**
         * Whether the checksum covers a pseudo header. Over IPv6 it must; over IPv4 RFC 9568 5.2.8 forbids it, and
         * keepalived does it unless v3_checksum_as_v2 is set. Undefined where a bad or unchecked checksum does not tell.
         */
        readonly pseudoHeader: boolean | undefined;
      }
  );

/** How the kernel shifts TCP sequence numbers of a connection (struct ip_vs_seq). */
export interface SyncSequence {
  readonly initial: number;
  readonly delta: number;
  readonly previousDelta: number;
}

export interface SyncSequences {
  readonly incoming: SyncSequence;
  readonly outgoing: SyncSequence;
}

/** What both versions say of a connection. `flags` are IP_VS_CONN_F_*, `state` counts in the protocol's own states. */
export interface SyncConnection extends Span {
  readonly protocol: number;
  readonly flags: number;
  readonly state: number;
  /** CIP, VIP and RIP with their ports; a template of a persistent service has client port 0. */
  readonly client: string;
  readonly clientPort: number;
  readonly virtual: string;
  readonly virtualPort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

export interface SyncConnectionV0 extends SyncConnection {
  /** Present with a sequence flag. Version 0 sends them in the byte order of its CPU; they are read as little-endian. */
  readonly sequences?: SyncSequences | undefined;
}

/** A parameter behind a connection of version 1. A `type` with bit 0x40 may be ignored by who does not know it. */
export type SyncParameter = {readonly type: number} & (
  | ({readonly kind: 'sequences'} & SyncSequences)
  /** What a persistence engine (pe_sip: the Call-ID) tells connections apart by. */
  | {readonly kind: 'pe-data'; readonly data: Uint8Array}
  | {readonly kind: 'pe-name'; readonly name: string}
  | {readonly kind: 'other'; readonly data: Uint8Array}
);

export interface SyncConnectionV1 extends SyncConnection {
  /** Bit 0: the addresses are IPv6. */
  readonly type: number;
  /** The upper four bits of ver_size; 0. Its other bits are `length`. */
  readonly version: number;
  readonly fwmark: number;
  /** In seconds; 0 leaves it to the receiver. */
  readonly timeout: number;
  readonly parameters: readonly SyncParameter[];
}

/**
 * A message of the IPVS connection sync daemon (net/netfilter/ipvs/ip_vs_sync.c). `length` is the message header's;
 * the connections that could be read have places of their own.
 */
export type IpvsSync = Span & {
  readonly kind: 'ipvs-sync';
  readonly syncId: number;
  /** Bytes of the whole message, as it says. */
  readonly size: number;
  /** How many connections the message says that it has. */
  readonly count: number;
} & (
    | {readonly version: 0; readonly connections: readonly SyncConnectionV0[]}
    | {readonly version: 1; readonly connections: readonly SyncConnectionV1[]}
  );
