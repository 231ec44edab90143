import type {IpvsSync, Sctp, Vrrp} from './message-types.ts';

/** Link types of the captures that lvslab makes and reads (https://www.tcpdump.org/linktypes.html). */
export type LinkType = 'ethernet' | 'raw' | 'sll' | 'sll2';

/** One frame as a capture file holds it. */
export interface Frame {
  /** Place in its file, from 1, as Wireshark counts. */
  readonly number: number;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly linkType: LinkType;
  /** The captured bytes; fewer than `originalLength` when a snap length cut the frame. */
  readonly bytes: Uint8Array;
  readonly originalLength: number;
}

/** The frames of a capture in the order of the file: a Frame[], or a table that makes each frame when asked for it. */
export interface Frames extends Iterable<Frame> {
  readonly length: number;
  at(index: number): Frame | undefined;
}

/** Where a header stands in the frame's bytes. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** `none` when absent by design (UDP 0 over IPv4) or not coverable (fragment, cut frame). */
export type ChecksumState = 'good' | 'bad' | 'none';

export interface Ethernet extends Span {
  readonly kind: 'ethernet';
  /** Lower case, colon separated. */
  readonly source: string;
  readonly destination: string;
  readonly etherType: number;
}

/**
 * The header that Linux makes for a device without one that libpcap knows (ip6tnl0, ip6gre0), and for `-i any`:
 * LINKTYPE_LINUX_SLL (version 1) or LINKTYPE_LINUX_SLL2. It was never on a wire.
 */
export type Cooked = Span & {
  readonly kind: 'cooked';
  /** 0 to this host, 1 broadcast, 2 multicast, 3 to another host, 4 sent by this host (if_packet.h). */
  readonly packetType: number;
  /** The device's ARPHRD type (if_arp.h): 1 Ethernet, 768 ipip, 769 ip6tnl, 772 loopback, 778 GRE. */
  readonly hardwareType: number;
  /** The sender's link-layer address as hexadecimal bytes with colons, at most eight of them; `` when it has none. */
  readonly address: string;
  /** The length that the address has; more than eight when it is cut. */
  readonly addressLength: number;
  /** An EtherType, but for the hardware types that give it another meaning. */
  readonly protocol: number;
} & (
    | {readonly version: 1}
    /** The index of the interface that saw the frame. */
    | {readonly version: 2; readonly interfaceIndex: number}
  );

export interface Vlan extends Span {
  readonly kind: 'vlan';
  readonly id: number;
  readonly priority: number;
  readonly etherType: number;
}

export interface Arp extends Span {
  readonly kind: 'arp';
  /** 1 request, 2 reply. */
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

export interface Ipv4 extends Span {
  readonly kind: 'ipv4';
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly ttl: number;
  readonly tos: number;
  readonly id: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes. */
  readonly fragmentOffset: number;
  readonly totalLength: number;
  /** Raw option bytes, empty when there are none. */
  readonly options: Uint8Array;
  readonly checksum: ChecksumState;
}

export interface Ipv6Extension {
  /** Next-header number of this extension: 0 hop-by-hop, 43 routing, 44 fragment, 60 destination, 51 AH. */
  readonly type: number;
  readonly offset: number;
  readonly length: number;
}

export interface Ipv6 extends Span {
  readonly kind: 'ipv6';
  readonly source: string;
  readonly destination: string;
  /** The upper-layer protocol, after all extension headers. */
  readonly protocol: number;
  /** The fixed header's own next-header value. */
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly payloadLength: number;
  readonly extensions: readonly Ipv6Extension[];
  /** Present when there is a fragment header. */
  readonly fragment?:
    {readonly id: number; readonly offset: number; readonly more: boolean} | undefined;
}

export interface TcpOption {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface Tcp extends Span {
  readonly kind: 'tcp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** As tcpdump prints them, in the order S F R P . U E W: `S.` for SYN-ACK. */
  readonly flags: string;
  readonly window: number;
  readonly urgent: number;
  readonly options: readonly TcpOption[];
  readonly checksum: ChecksumState;
}

export interface Udp extends Span {
  readonly kind: 'udp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The length field: header and payload. */
  readonly datagramLength: number;
  readonly checksum: ChecksumState;
  /** The checksum field as it stands; 0 means that the sender computed none. */
  readonly checksumField: number;
}

export interface Icmp extends Span {
  readonly kind: 'icmp' | 'icmpv6';
  readonly type: number;
  readonly code: number;
  /** The four bytes after the checksum: id and sequence, unused and next-hop MTU, or ICMPv6 MTU. */
  readonly rest: number;
  readonly checksum: ChecksumState;
  /** The packet that an error message quotes, as far as it is there. */
  readonly quoted?: Packet | undefined;
}

export interface Gre extends Span {
  readonly kind: 'gre';
  readonly etherType: number;
  readonly version: number;
  readonly hasChecksum: boolean;
  readonly key?: number | undefined;
  readonly sequence?: number | undefined;
  readonly checksum: ChecksumState;
}

export interface Gue extends Span {
  readonly kind: 'gue';
  readonly version: number;
  readonly control: boolean;
  /** Protocol of what is carried (version 0), or 4/41 for version 1. */
  readonly protocol: number;
  /** Optional fields after the first four bytes. */
  readonly flags: number;
  readonly optionBytes: Uint8Array;
}

export type Header =
  | Ethernet
  | Cooked
  | Vlan
  | Arp
  | Ipv4
  | Ipv6
  | Tcp
  | Udp
  | Sctp
  | Icmp
  | Gre
  | Gue
  | Vrrp
  | IpvsSync;
export type Kind = Header['kind'];
export type Ip = Ipv4 | Ipv6;

/** A decoded frame: its headers outer to inner. The decoder judges nothing and keeps what it could read. */
export interface Packet {
  readonly headers: readonly Header[];
  /**
   * Bytes after the last header, without Ethernet padding; length as captured. SCTP, VRRP and IPVS sync are read in
   * place: their header comes last, tells what the payload says, and the payload still has all its bytes.
   */
  readonly payload: Span;
  /** Why decoding ended before the payload, and where; absent when everything was read. */
  readonly stop?: {readonly reason: string; readonly offset: number} | undefined;
}
