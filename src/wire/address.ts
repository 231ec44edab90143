import {isIPv4, isIPv6} from 'node:net';
import ipaddr from 'ipaddr.js';
import {InputError} from '../problem.ts';
import {u16} from './bytes.ts';

const hexPairs = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The MAC at `at`: lower case, colon separated. */
export function formatMac(bytes: Uint8Array, at: number): string {
  const pair = (i: number) => hexPairs[bytes[at + i] ?? 0];
  return `${pair(0)}:${pair(1)}:${pair(2)}:${pair(3)}:${pair(4)}:${pair(5)}`;
}

export function formatIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** The IPv6 address at `at` in its canonical text (RFC 5952; IPv4-mapped addresses with dots). */
export function formatIpv6(bytes: Uint8Array, at: number): string {
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && u16(bytes, at + 2 * (i + length)) === 0) length++;
    if (length > bestLength) [best, bestLength] = [i, length];
    i += length;
  }
  if (best === 0 && bestLength === 5 && u16(bytes, at + 10) === 0xffff)
    return `::ffff:${formatIpv4(bytes, at + 12)}`;
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      text += '::';
      i += bestLength - 1;
    } else {
      if (i > 0 && i !== best + bestLength) text += ':';
      text += u16(bytes, at + 2 * i).toString(16);
    }
  }
  return text;
}

/** Six bytes of `02:00:00:00:00:01`. @throws {InputError} for anything else. */
export function parseMac(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text))
    throw new InputError({
      what: 'not a MAC address',
      value: text,
      valid: ['six hexadecimal bytes with colons, as in 02:00:00:00:00:01'],
      next: 'write the MAC in that form',
    });
  return Uint8Array.from(text.split(':'), pair => Number.parseInt(pair, 16));
}

/** Four bytes of an IPv4 address or sixteen of an IPv6 address. @throws {InputError} for anything else. */
export function parseIp(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  if (isIPv6(text) && !text.includes('%'))
    return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
  throw new InputError({
    what: 'not an IP address',
    value: text,
    valid: ['an IPv4 address as in 192.0.2.1', 'an IPv6 address without zone as in 2001:db8::1'],
    next: 'write the address in one of these forms',
  });
}

/** The bytes of an address that must have the given family. @throws {InputError} for the other one. */
export function parseFamily(text: string, kind: 'ipv4' | 'ipv6'): Uint8Array {
  const address = parseIp(text);
  if (address.length === (kind === 'ipv4' ? 4 : 16)) return address;
  throw new InputError({
    what: `address of the other family in an ${kind} header`,
    value: text,
    valid: [kind === 'ipv4' ? 'an IPv4 address' : 'an IPv6 address'],
    next: `give an address that an ${kind} header can hold`,
  });
}
