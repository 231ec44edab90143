import ipaddr from 'ipaddr.js';
import {z} from 'zod';
import type {Family} from './types.ts';

/** An IP address: `text` in canonical form (RFC 5952 for IPv6), `value` as an unsigned number. */
export interface Address {
  readonly family: Family;
  readonly text: string;
  readonly value: bigint;
}

/** An address prefix with host bits zero; `text` is its CIDR form. */
export interface Prefix extends Address {
  readonly length: number;
}

/** Why a text is not a prefix, and what would be one. */
export interface BadPrefix {
  readonly wrong: string;
  readonly valid?: readonly string[];
  readonly next: string;
}

/** Both families, in the order in which they are worked on. */
export const families = ['v4', 'v6'] as const satisfies readonly Family[];

/** How messages call a family. */
export const familyName: Readonly<Record<Family, string>> = {v4: 'IPv4', v6: 'IPv6'};

/** Bits of an address. */
export const addressBits: Readonly<Record<Family, number>> = {v4: 32, v6: 128};

/** Prefix lengths of a network with room for two hosts beside its first address and, in IPv4, its broadcast. */
const networkLengths: Readonly<Record<Family, {min: number; max: number}>> = {
  v4: {min: 8, max: 30},
  v6: {min: 16, max: 126},
};

/** Ranges (as ipaddr.js names them) in which no network of a topology can be. */
const unusable = new Set([
  'unspecified',
  'broadcast',
  'multicast',
  'linkLocal',
  'loopback',
  'ipv4Mapped',
]);

/**
 * Reads an address without prefix length; undefined when the text is none. Strict: four decimal octets without leading
 * zeros (which inet_aton(3) reads as octal), or IPv6 without a zone.
 */
export function parseAddress(text: string): Address | undefined {
  const family = z.ipv4().safeParse(text).success
    ? 'v4'
    : z.ipv6().safeParse(text).success
      ? 'v6'
      : undefined;
  if (family === undefined) return undefined;
  const parsed = ipaddr.parse(text);
  const value = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return {family, text: parsed.toString(), value};
}

/** The address in canonical text form, or the text itself when it is no address. */
export const canonical = (text: string): string => parseAddress(text)?.text ?? text;

/** Reads a prefix in CIDR form, of any length, with host bits zero. */
export function parsePrefix(text: string): Prefix | BadPrefix {
  const form = {wrong: 'not a prefix', next: 'write ADDRESS/LENGTH: 192.0.2.0/24, 2001:db8::/64'};
  const [head, tail, ...rest] = text.split('/');
  const address = head === undefined ? undefined : parseAddress(head);
  if (address === undefined || tail === undefined || rest.length > 0) return form;
  const bits = addressBits[address.family];
  if (!/^(0|[1-9]\d{0,2})$/.test(tail) || Number(tail) > bits)
    return {
      wrong: `bad prefix length in an ${familyName[address.family]} prefix`,
      valid: [`0 to ${bits}`],
      next: 'correct the number after the slash',
    };
  const length = Number(tail);
  const hostBits = BigInt(bits - length);
  const value = (address.value >> hostBits) << hostBits;
  const prefixText = `${formatAddress(address.family, value)}/${length}`;
  if (value !== address.value)
    return {
      wrong: 'host bits are set in a prefix',
      valid: [prefixText],
      next: `write ${prefixText}`,
    };
  return {family: address.family, text: prefixText, value, length};
}

/** Reads a network's prefix: unicast, and long and short enough for hosts. */
export function parseNetworkPrefix(text: string): Prefix | BadPrefix {
  const prefix = parsePrefix(text);
  if ('wrong' in prefix) return prefix;
  const {min, max} = networkLengths[prefix.family];
  if (prefix.length < min || prefix.length > max)
    return {
      wrong: `bad prefix length for an ${familyName[prefix.family]} network`,
      valid: [`${min} to ${max}`],
      next: 'correct the number after the slash',
    };
  const range = ipaddr.parse(formatAddress(prefix.family, prefix.value)).range();
  return unusable.has(range)
    ? {
        wrong: `no network can have a prefix of the range ${range}`,
        next: 'use a documentation prefix: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32',
      }
    : prefix;
}

/** Whether the address lies in the prefix. */
export const contains = (prefix: Prefix, address: Address): boolean => {
  const hostBits = BigInt(addressBits[prefix.family] - prefix.length);
  return prefix.family === address.family && prefix.value >> hostBits === address.value >> hostBits;
};

/** Whether the prefixes share an address. */
export const overlap = (a: Prefix, b: Prefix): boolean => contains(a, b) || contains(b, a);

/** Whether the address is the prefix's IPv4 broadcast address (RFC 919). IPv6 has none. */
export const isBroadcast = (prefix: Prefix, address: Address): boolean =>
  prefix.family === 'v4' &&
  address.value === prefix.value + (1n << BigInt(addressBits.v4 - prefix.length)) - 1n;

/** The text of the address that has this value. */
export function formatAddress(family: Family, value: bigint): string {
  const bytes = Array.from({length: addressBits[family] / 8}, (_, index) =>
    Number((value >> BigInt(addressBits[family] - 8 * (index + 1))) & 0xffn),
  );
  return ipaddr.fromByteArray(bytes).toString();
}
