import type {Crossing} from '../trace/types.ts';
import {innermostIp, ipHeaders} from '../wire/packet.ts';
import type {Ip} from '../wire/types.ts';
import type {Mismatch} from './mismatch.ts';

/**
 * The outer header of a tunnel starts with the TTL that the inner packet has by then (net/netfilter/ipvs/ip_vs_xmit.c,
 * ip_vs_tunnel_xmit); whoever forwards it takes one off (RFC 1812, 5.3.1).
 */
export function compareOuterTtl({any}: Crossing, before: Crossing | undefined): Mismatch[] {
  const [outer, ...inside] = ipHeaders(any.packet);
  const inner = innermostIp(any.packet);
  if (outer === undefined || inner === undefined || inside.length === 0 || before === undefined)
    return [];
  const [was, ...wasInside] = ipHeaders(before.any.packet);
  const expected = was !== undefined && wasInside.length > 0 ? ttlOf(was) - 1 : ttlOf(inner);
  return expected === ttlOf(outer)
    ? []
    : [{field: 'outer.ip.ttl', expected: String(expected), actual: String(ttlOf(outer))}];
}

const ttlOf = (ip: Ip): number => (ip.kind === 'ipv4' ? ip.ttl : ip.hopLimit);
