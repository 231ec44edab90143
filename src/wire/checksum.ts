import type {ChecksumState, Ip} from './types.ts';

/** The plain sum of the 16-bit words from `from` up to `to`, an odd last byte padded (RFC 1071). */
export function sum(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let total = start;
  let at = from;
  for (; at + 1 < to; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return at < to ? total + ((bytes[at] ?? 0) << 8) : total;
}

/** Folds a plain sum into the 16-bit one's complement sum. */
export function fold(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}

/** The checksum field that goes with a sum over everything else. */
export function complement(total: number): number {
  return 0xffff - fold(total);
}

/** Judges a sum that included the checksum field itself. */
export function verify(total: number): ChecksumState {
  return fold(total) === 0xffff ? 'good' : 'bad';
}

/**
 * Where the pseudo header's destination stands: the IP header's own, or with segments left in an IPv6
 * routing header the final one (RFC 8200 8.1). Undefined for a routing type without a known layout.
 */
export function pseudoDestination(bytes: Uint8Array, ip: Ip): number | undefined {
  if (ip.kind === 'ipv4') return ip.offset + 16;
  const routing = ip.extensions.find(({type}) => type === 43);
  if (routing === undefined) return ip.offset + 24;
  return routedDestination(bytes, routing.offset, routing.length, ip.offset + 24);
}

/** The final destination's place in the routing header at `at`, or `own` when no segments are left. */
export function routedDestination(
  bytes: Uint8Array,
  at: number,
  length: number,
  own: number,
): number | undefined {
  if (bytes[at + 3] === 0) return own;
  if (length < 24) return undefined;
  // Type 0 lists the path in order (RFC 2460), type 2 holds one address (RFC 6275), type 4 lists it reversed (RFC 8754).
  if (bytes[at + 2] === 0) return at + length - 16;
  return bytes[at + 2] === 2 || bytes[at + 2] === 4 ? at + 8 : undefined;
}

/** The sum of the pseudo header (RFC 9293 3.1, RFC 8200 8.1); undefined when its destination is unknown. */
export function pseudoSum(
  bytes: Uint8Array,
  ip: Ip,
  protocol: number,
  length: number,
): number | undefined {
  const start = protocol + Math.floor(length / 0x10000) + (length % 0x10000);
  if (ip.kind === 'ipv4') return sum(bytes, ip.offset + 12, ip.offset + 20, start);
  const destination = pseudoDestination(bytes, ip);
  if (destination === undefined) return undefined;
  return sum(
    bytes,
    destination,
    destination + 16,
    sum(bytes, ip.offset + 8, ip.offset + 24, start),
  );
}

/** A checksum field changed by one 16-bit word that it covers (RFC 1624, equation 3). */
export function adjust(checksum: number, before: number, after: number): number {
  return complement(0xffff - checksum + (0xffff - before) + after);
}
