import {view} from './bytes.ts';
import {isIp} from './ipip.ts';
import type {Sctp} from './message-types.ts';
import type {Ip, Packet, Tcp, Udp} from './types.ts';

/** The IP headers of a packet, outer to inner. */
export function ipHeaders(packet: Packet): readonly Ip[] {
  return packet.headers.filter(isIp);
}

export function innermostIp(packet: Packet): Ip | undefined {
  return packet.headers.findLast(isIp);
}

/** The TCP, UDP or SCTP header of the innermost IP packet: never the UDP that only carries a tunnel. */
export function transport(packet: Packet): Tcp | Udp | Sctp | undefined {
  for (const header of packet.headers.toReversed()) {
    if (header.kind === 'tcp' || header.kind === 'udp' || header.kind === 'sctp') return header;
    if (isIp(header)) return undefined;
  }
  return undefined;
}

/** Whether it is a TCP segment that resets its connection. */
export function isReset(packet: Packet): boolean {
  const header = transport(packet);
  return header?.kind === 'tcp' && header.flags.includes('R');
}

export type Encapsulation = 'ipip' | 'gre' | 'gue';

/** How each IP packet is carried by the one around it, outer to inner; empty without a tunnel. */
export function encapsulations(packet: Packet): readonly Encapsulation[] {
  const found: Encapsulation[] = [];
  let carrier: Encapsulation | undefined;
  for (const header of packet.headers) {
    if (header.kind === 'gre' || header.kind === 'gue') carrier = header.kind;
    if (!isIp(header)) continue;
    if (carrier !== undefined) found.push(carrier);
    carrier = 'ipip';
  }
  return found;
}

/** The payload's bytes: a view into the frame's. */
export function payloadBytes(bytes: Uint8Array, packet: Packet): Uint8Array {
  return view(bytes, packet.payload.offset, packet.payload.length);
}
