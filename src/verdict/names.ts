import {canonical, parseAddress} from '../topology/ip.ts';
import {addressByName, interfaceOfMac, nameOfAddress} from '../topology/names.ts';
import type {Family, Topology} from '../topology/types.ts';
import type {Expectation} from './types.ts';

/** Addresses by the field's names and back, in the family of an expectation. */
export interface Names {
  /**
   * The address of `VIP`, `RIP1` or `192.0.2.10`, in another family where one is given; undefined for a name that the topology
   * and the lab do not know.
   */
  address(name: string, family?: Family): string | undefined;
  /** The preferred name of an IP address, the node of a MAC address; undefined for an address of nobody. */
  name(address: string): string | undefined;
}

/** The names of a lab: its own ones first, then those of its topology. */
export function namesOf(
  topology: Topology,
  {names, family}: Pick<Expectation, 'names' | 'family'>,
): Names {
  const own = Object.entries(names ?? {}).map(([name, address]) => [name, canonical(address)]);
  const toAddress = new Map<string | undefined, string | undefined>(own.map(([a, b]) => [a, b]));
  const toName = new Map<string | undefined, string | undefined>(own.map(([a, b]) => [b, a]));
  return {
    address: (name, wanted = family) =>
      (wanted === family ? toAddress.get(name) : undefined) ??
      addressByName(topology, name, wanted) ??
      parseAddress(name)?.text,
    name: address =>
      toName.get(address) ??
      nameOfAddress(topology, address) ??
      interfaceOfMac(topology, address)?.node.name,
  };
}
