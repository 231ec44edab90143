import {parseAddress} from '../topology/ip.ts';
import type {VirtualService} from './types.ts';

/**
 * The group of clients that share a persistence template: the client's address, with the bits that the netmask (IPv4) or
 * the prefix length (IPv6) leaves out set to 0 (ip_vs_core.c, ip_vs_sched_persist). An address that is none is its own.
 */
export function groupOf(
  client: string,
  {netmask}: NonNullable<VirtualService['persistence']>,
): string {
  const address = parseAddress(client);
  if (address === undefined || netmask === undefined) return client;
  const mask = parseAddress(netmask)?.value ?? maskOf(Number(netmask), address.family);
  return textOf(address.value & mask, address.family);
}

const maskOf = (length: number, family: 'v4' | 'v6'): bigint => {
  const bits = family === 'v4' ? 32n : 128n;
  return ((1n << BigInt(length)) - 1n) << (bits - BigInt(length));
};

function textOf(value: bigint, family: 'v4' | 'v6'): string {
  const [words, bits, radix, mark] = family === 'v4' ? [4, 8n, 10, '.'] : [8, 16n, 16, ':'];
  const text = Array.from({length: words}, (_, i) =>
    ((value >> (BigInt(words - 1 - i) * bits)) & ((1n << bits) - 1n)).toString(radix),
  ).join(mark);
  return parseAddress(text)?.text ?? text;
}
