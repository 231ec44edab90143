import {build, type Layer} from '../../../src/wire/build.ts';
import {decode, type DecodeOptions} from '../../../src/wire/decode.ts';
import type {Header, Kind, LinkType, Packet} from '../../../src/wire/types.ts';

/** A frame that no snap length cut. */
export function whole(bytes: Uint8Array, linkType: LinkType = 'ethernet') {
  return {bytes, linkType, originalLength: bytes.length};
}

export function decodeRaw(
  layers: readonly Layer[],
  payload?: Uint8Array,
  options?: DecodeOptions,
): Packet {
  return decode(whole(build(layers, payload), 'raw'), options);
}

export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The first header of a kind; a test that asks for one that is not there must fail. */
export function header<K extends Kind>(packet: Packet, kind: K): Header & {readonly kind: K} {
  const is = (h: Header): h is Header & {readonly kind: K} => h.kind === kind;
  const found = packet.headers.find(is);
  if (found === undefined)
    throw new Error(`no ${kind} in ${packet.headers.map(h => h.kind).join(' ')}`);
  return found;
}

export function kinds(packet: Packet): string {
  return packet.headers.map(({kind}) => kind).join(' ');
}

/** Mulberry32: the same numbers from the same seed, each in [0, below). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const mac = {client: '02:00:00:00:00:0a', director: '02:00:00:00:00:d1'};

export const eth = {
  kind: 'ethernet',
  source: mac.client,
  destination: mac.director,
} as const;
export const ip4 = {kind: 'ipv4', source: '192.0.2.10', destination: '198.51.100.80'} as const;
export const outer4 = {kind: 'ipv4', source: '203.0.113.1', destination: '203.0.113.21'} as const;
export const ip6 = {kind: 'ipv6', source: '2001:db8::a', destination: '2001:db8:1::80'} as const;
export const outer6 = {
  kind: 'ipv6',
  source: '2001:db8:f::1',
  destination: '2001:db8:f::21',
} as const;
export const tcp = {kind: 'tcp', sourcePort: 40312, destinationPort: 80, flags: 'S'} as const;
/** Ports that tshark gives to no dissector. */
export const udp = {kind: 'udp', sourcePort: 40313, destinationPort: 40999} as const;
export const gueUdp = {kind: 'udp', sourcePort: 51000, destinationPort: 6080} as const;
