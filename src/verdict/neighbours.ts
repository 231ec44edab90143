import type {Crossing, Trace} from '../trace/types.ts';
import {formatIpv6} from '../wire/address.ts';
import type {Icmp} from '../wire/types.ts';

const solicitation = 135;
const advertisement = 136;
/** Type, code, checksum and four reserved bytes stand before the target (RFC 4861, 4.3 and 4.4). */
const targetAt = 8;

/** The address that neighbour discovery asks for or tells of, [] for all other ICMP. */
export function neighbourTarget(header: Icmp, bytes: Uint8Array): readonly string[] {
  const discovers =
    header.kind === 'icmpv6' && (header.type === solicitation || header.type === advertisement);
  return discovers && bytes.length >= header.offset + targetAt + 16
    ? [formatIpv6(bytes, header.offset + targetAt)]
    : [];
}

/**
 * The frames by which somebody says that he has the address: ARP with it as sender, whether answer or announcement
 * (RFC 826, RFC 5227), and neighbour advertisements (RFC 4861).
 */
export function claimsOf(trace: Trace, address: string): readonly Crossing[] {
  return trace.other.filter(({any}) =>
    any.packet.headers.some(header => {
      if (header.kind === 'arp') return header.senderIp === address;
      return (
        header.kind === 'icmpv6' &&
        header.type === advertisement &&
        neighbourTarget(header, any.frame.bytes).includes(address)
      );
    }),
  );
}
