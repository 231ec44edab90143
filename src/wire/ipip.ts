import {kindOfProtocol, noNextHeader} from './numbers.ts';
import type {Header, Ip, Kind} from './types.ts';
import type {Walk} from './walk.ts';

// IP in IP has no header of its own: protocol 4 announces an inner IPv4 header (RFC 2003, RFC 2473),
// protocol 41 an inner IPv6 one (RFC 4213, RFC 2473). One IP header straight behind another is the tunnel.

export function isIp(header: Header | undefined): header is Ip {
  return header?.kind === 'ipv4' || header?.kind === 'ipv6';
}

/** Whether `inner` is carried by `outer` with nothing between them. */
export function isIpInIp(outer: Header | undefined, inner: Header): boolean {
  return isIp(outer) && isIp(inner);
}

/** What follows an IP header, its extensions or a GUE header, by protocol number. */
export function afterProtocol(
  walk: Walk,
  protocol: number,
  fragmentOffset: number,
): Kind | undefined {
  if (fragmentOffset > 0)
    return walk.halt(
      `fragment at byte ${fragmentOffset}: its transport header is in the first one`,
    );
  const kind = kindOfProtocol(protocol);
  if (kind !== undefined || protocol === noNextHeader) return kind;
  return walk.halt(`IP protocol ${protocol} is not decoded`);
}

export function printIpInIp(): string {
  return 'ipip';
}
