import {addressBits, formatAddress, parseAddress} from '../topology/ip.ts';
import type {Family} from '../topology/types.ts';
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
  return formatAddress(address.family, address.value & mask);
}

const maskOf = (length: number, family: Family): bigint =>
  ((1n << BigInt(length)) - 1n) << BigInt(addressBits[family] - length);
