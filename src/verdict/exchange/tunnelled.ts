import type {Endpoint} from '../../ipvs/text.ts';
import type {Crossing} from '../../trace/types.ts';
import {u16} from '../../wire/bytes.ts';
import {innermostIp, ipHeaders} from '../../wire/packet.ts';
import {icmpOf, quotedBy} from './inner.ts';

/** An ICMP error about a packet that the director sent in a tunnel. */
export interface AboutTunnelled {
  /** Whether IPVS counted it, which it does when it has handed it on. */
  readonly counted: 'yes' | 'maybe' | 'no';
  /** Of the packet in the tunnel, as far as it is quoted: it counts as that. */
  readonly bytes: number;
  /** Where the tunnel went. */
  readonly server: Endpoint | undefined;
}

/**
 * What IPVS makes of an ICMP error that quotes a packet to one of `virtuals` in a tunnel over IPv4 (net/netfilter/ipvs/ip_vs_core.c,
 * ip_vs_in_icmp): it strips it to that packet, tells the client by itself, and counts what is left as out. It leaves alone what is
 * quoted without its ports, and fragmentation needed about a packet without DF. What the kernel then may not send for its rate
 * limit counts all the same. Undefined for any other packet.
 */
export function aboutTunnelled(
  {any}: Crossing,
  made: readonly Crossing[],
  virtuals: ReadonlySet<string>,
): AboutTunnelled | undefined {
  const icmp = icmpOf(any.packet);
  const quoted = quotedBy(any.packet);
  const ip = quoted === undefined ? undefined : innermostIp(quoted);
  const outer = quoted === undefined ? undefined : ipHeaders(quoted).at(-2);
  if (quoted === undefined || icmp?.kind !== 'icmp' || ip?.kind !== 'ipv4') return undefined;
  if (outer === undefined || !virtuals.has(ip.destination)) return undefined;
  const end = quoted.payload.offset + quoted.payload.length;
  const port = destinationPortAt(any.frame.bytes.subarray(ip.offset + ip.length, end));
  const isIgnored = port === undefined || (icmp.type === 3 && icmp.code === 4 && !ip.dontFragment);
  const isTold = made.some(({any: own}) => quotedBy(own.packet) !== undefined);
  return {
    counted: isTold ? 'yes' : isIgnored ? 'no' : 'maybe',
    bytes: end - ip.offset,
    server: port === undefined ? undefined : {address: outer.destination, port},
  };
}

/** Of TCP, UDP or SCTP: four bytes of it suffice IPVS. */
const destinationPortAt = (header: Uint8Array): number | undefined =>
  header.length < 4 ? undefined : u16(header, 2);
