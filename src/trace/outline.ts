import {transport} from '../wire/packet.ts';
import type {Ip, Packet} from '../wire/types.ts';

/** The 16-bit words that NAT rewrites: `skip` bytes of ports, and from `gap` up to `resume` the checksum. */
export interface Shape {
  readonly skip: number;
  readonly gap: number;
  readonly resume: number;
}

export const shapes = {
  tcp: {skip: 4, gap: 16, resume: 18},
  udp: {skip: 4, gap: 6, resume: 8},
  sctp: {skip: 4, gap: 8, resume: 12},
  /**
   * TCP of which a helper (ip_vs_ftp) may rewrite the payload, and with its length all sequence numbers that follow, also
   * in options: flags, window and urgent pointer are what stays. `end` is then that of the header without options.
   */
  helped: {skip: 12, gap: 16, resume: 18},
  /** What has no ports that can be read: nothing of it is rewritten. */
  portless: {skip: 0, gap: 0, resume: 0},
} as const satisfies Record<string, Shape>;

/** What following needs of a packet: its innermost IP header and what that carries. Places are in the buffer. */
export interface Outline {
  family: 4 | 6;
  /** Where the innermost IP header begins. */
  ip: number;
  protocol: number;
  /** TTL or hop limit. */
  hops: number;
  /** The IPv4 id, or that of the IPv6 fragment header, else 0. */
  id: number;
  /** In bytes. */
  fragmentOffset: number;
  /** How many headers the frame has, as far as they can be read. */
  headers: number;
  /** Where what the IP header carries begins: with the ports, unless it is portless. */
  content: number;
  /** Where the captured packet ends, without padding. */
  end: number;
  shape: Shape;
  /** The sequence number of a TCP SYN that opens a connection (no ACK), else -1. */
  opens: number;
}

export const newOutline = (): Outline => ({
  family: 4,
  ip: 0,
  protocol: 0,
  hops: 0,
  id: 0,
  fragmentOffset: 0,
  headers: 0,
  content: 0,
  end: 0,
  shape: shapes.portless,
  opens: -1,
});

/** Fills the outline of a decoded packet whose frame begins at `start` and whose innermost IP header is `ip`. */
export function outlineOf(packet: Packet, ip: Ip, start: number, outline: Outline): void {
  const {payload} = packet;
  const header = transport(packet);
  const fragment = fragmentOf(ip);
  outline.family = ip.kind === 'ipv4' ? 4 : 6;
  outline.ip = start + ip.offset;
  outline.protocol = ip.protocol;
  outline.hops = ip.kind === 'ipv4' ? ip.ttl : ip.hopLimit;
  outline.id = fragment.id;
  outline.fragmentOffset = fragment.offset;
  outline.headers = packet.headers.length;
  outline.content = start + (header ?? payload).offset;
  outline.end = start + payload.offset + payload.length;
  outline.opens =
    header?.kind === 'tcp' && header.flags.includes('S') && !header.flags.includes('.')
      ? header.sequence
      : -1;
  outline.shape = shapes[header?.kind ?? 'portless'];
}

const fragmentOf = (ip: Ip): {readonly id: number; readonly offset: number} =>
  ip.kind === 'ipv4'
    ? {id: ip.id, offset: ip.fragmentOffset}
    : {id: ip.fragment?.id ?? 0, offset: ip.fragment?.offset ?? 0};
