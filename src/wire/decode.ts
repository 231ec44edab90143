import {decodeArp} from './arp.ts';
import {decodeSll, decodeSll2} from './cooked.ts';
import {decodeEthernet} from './ethernet.ts';
import {decodeGre} from './gre.ts';
import {decodeGue, defaultGuePorts} from './gue.ts';
import {decodeIcmp, decodeIcmpv6} from './icmp.ts';
import {decodeIpv4} from './ipv4.ts';
import {decodeIpv6} from './ipv6.ts';
import {decodeIpvsSync, defaultSyncPorts} from './ipvs-sync.ts';
import {decodeSctp} from './sctp.ts';
import {decodeTcp} from './tcp.ts';
import type {Frame, Kind, LinkType, Packet} from './types.ts';
import {decodeUdp} from './udp.ts';
import {decodeVlan} from './vlan.ts';
import {decodeVrrp} from './vrrp.ts';
import {type Step, Walk} from './walk.ts';

const steps: Readonly<Record<Kind, Step>> = {
  ethernet: decodeEthernet,
  // No header announces it, only a link type.
  cooked: decodeSll,
  vlan: decodeVlan,
  arp: decodeArp,
  ipv4: decodeIpv4,
  ipv6: decodeIpv6,
  tcp: decodeTcp,
  udp: decodeUdp,
  sctp: decodeSctp,
  icmp: decodeIcmp,
  icmpv6: decodeIcmpv6,
  gre: decodeGre,
  gue: decodeGue,
  vrrp: decodeVrrp,
  'ipvs-sync': decodeIpvsSync,
};

const firstSteps: Readonly<Record<LinkType, Step>> = {
  ethernet: decodeEthernet,
  raw: ipAt,
  sll: decodeSll,
  sll2: decodeSll2,
};

export interface DecodeOptions {
  /** UDP destination ports on which GUE is expected; 6080 by default. */
  readonly guePorts?: readonly number[] | undefined;
  /** UDP destination ports on which IPVS sync messages are expected, when sent to a multicast group; 8848 by default. */
  readonly syncPorts?: readonly number[] | undefined;
}

/**
 * The headers of a frame, outer to inner, as far as they can be read. Judges nothing and never throws: where
 * it cannot go on it says why. Its byte views (options) share memory with the frame.
 */
export function decode(
  frame: Pick<Frame, 'bytes' | 'linkType' | 'originalLength'>,
  options: DecodeOptions = {},
): Packet {
  const {bytes, linkType, originalLength} = frame;
  const guePorts = options.guePorts ?? defaultGuePorts;
  const syncPorts = options.syncPorts ?? defaultSyncPorts;
  const cut =
    originalLength > bytes.length
      ? ` (the capture kept ${bytes.length} of the frame's ${originalLength})`
      : '';
  const quote = (start: number, end: number) =>
    run(new Walk(bytes, start, end, {guePorts, syncPorts, quote: undefined, cut}), ipAt);
  const walk = new Walk(bytes, 0, bytes.length, {guePorts, syncPorts, quote, cut});
  return run(walk, firstSteps[linkType]);
}

function run(walk: Walk, first: Step): Packet {
  // A loop, not recursion: a frame can stack more headers than the call stack has room for.
  let kind = first(walk);
  while (kind !== undefined) kind = steps[kind](walk);
  const payload = {offset: walk.offset, length: Math.max(0, walk.end - walk.offset)};
  return walk.stop === undefined
    ? {headers: walk.headers, payload}
    : {headers: walk.headers, payload, stop: walk.stop};
}

/** Reads an IP header of the version that its first nibble says. */
function ipAt(walk: Walk): Kind | undefined {
  if (walk.lacks(1, 'IP header')) return undefined;
  const version = (walk.bytes[walk.offset] ?? 0) >>> 4;
  if (version === 4) return decodeIpv4(walk);
  if (version === 6) return decodeIpv6(walk);
  return walk.halt(`no IP packet: version ${version}`);
}
