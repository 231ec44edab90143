import {parseFamily} from './address.ts';
import {concat} from './bytes.ts';
import {pseudoSum, routedDestination, sum, verify} from './checksum.ts';
import type {Ipv4Fields} from './ipv4.ts';
import {encodeExtensions, type Ipv6Fields} from './ipv6.ts';
import type {ChecksumState} from './types.ts';
import type {Walk} from './walk.ts';

/** Checks a checksum over the pseudo header and `length` bytes from the walk's place. */
export function transportChecksum(walk: Walk, protocol: number, length: number): ChecksumState {
  const {bytes, offset, ip} = walk;
  if (!walk.whole || ip === undefined) return 'none';
  const pseudo = pseudoSum(bytes, ip, protocol, length);
  return pseudo === undefined ? 'none' : verify(sum(bytes, offset, offset + length, pseudo));
}

/** The pseudo header's sum for a packet that is being built. */
export function builtPseudoSum(
  ip: Ipv4Fields | Ipv6Fields,
  protocol: number,
  length: number,
): number {
  const source = parseFamily(ip.source, ip.kind);
  const addresses = concat(source, builtDestination(ip));
  return sum(addresses, 0, addresses.length, protocol + (length >>> 16) + (length & 0xffff));
}

function builtDestination(ip: Ipv4Fields | Ipv6Fields): Uint8Array {
  const own = parseFamily(ip.destination, ip.kind);
  const index = ip.kind === 'ipv4' ? -1 : (ip.extensions ?? []).findIndex(({type}) => type === 43);
  if (ip.kind === 'ipv4' || index < 0) return own;
  const routing = encodeExtensions(ip, 0)[index] ?? own;
  const at = routedDestination(routing, 0, routing.length, -1) ?? -1;
  return at < 0 ? own : routing.subarray(at, at + 16);
}
