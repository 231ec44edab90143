import {InputError} from '../problem.ts';
import type {Kind} from './types.ts';

/** What an EtherType announces (IANA ieee-802-numbers); 0x6558 is Ethernet in GRE, 0x88a8 the outer VLAN tag. */
export function kindOfEtherType(etherType: number): Kind | undefined {
  switch (etherType) {
    case 0x0800:
      return 'ipv4';
    case 0x86dd:
      return 'ipv6';
    case 0x0806:
      return 'arp';
    case 0x8100:
    case 0x88a8:
      return 'vlan';
    case 0x6558:
      return 'ethernet';
    default:
      return undefined;
  }
}

/** What an IP protocol number announces (IANA protocol-numbers). */
export function kindOfProtocol(protocol: number): Kind | undefined {
  switch (protocol) {
    case 1:
      return 'icmp';
    case 4:
      return 'ipv4';
    case 6:
      return 'tcp';
    case 17:
      return 'udp';
    case 41:
      return 'ipv6';
    case 47:
      return 'gre';
    case 58:
      return 'icmpv6';
    case 112:
      return 'vrrp';
    case 132:
      return 'sctp';
    default:
      return undefined;
  }
}

/** IPv6's "no next header" (RFC 8200 4.7). */
export const noNextHeader = 59;

const etherTypes: Partial<Record<Kind, number>> = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  arp: 0x0806,
  vlan: 0x8100,
  ethernet: 0x6558,
};

const protocols: Partial<Record<Kind, number>> = {
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  icmpv6: 58,
  vrrp: 112,
  sctp: 132,
};

/** The EtherType that announces `next`. @throws {InputError} when there is none. */
export function etherTypeFor(layer: Kind, next: Kind | undefined): number {
  return numberFor(layer, 'etherType', next, etherTypes);
}

/** The protocol number that announces `next`. @throws {InputError} when there is none. */
export function protocolFor(layer: Kind, next: Kind | undefined): number {
  return numberFor(layer, 'protocol', next, protocols);
}

function numberFor(
  layer: Kind,
  field: string,
  next: Kind | undefined,
  table: Partial<Record<Kind, number>>,
): number {
  const number = next === undefined ? undefined : table[next];
  if (number !== undefined) return number;
  throw new InputError({
    what: `cannot choose the ${field} of the ${layer} layer by what follows it`,
    value: next ?? 'no layer',
    valid: Object.keys(table),
    next: `give the ${layer} layer its ${field}, or let one of these layers follow`,
  });
}
