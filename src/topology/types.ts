/** The parts a node can play. */
export const roles = ['client', 'router', 'director', 'realServer'] as const;
export type Role = (typeof roles)[number];

export type Family = 'v4' | 'v6';

/** An IPv4 and/or IPv6 value of one thing; at least one is there once a topology is resolved. */
export interface PerFamily<T> {
  readonly v4?: T | undefined;
  readonly v6?: T | undefined;
}

/** A network: one Linux bridge, one broadcast domain. */
export interface Network {
  readonly name: string;
  /** Prefixes in CIDR form with host bits zero: `198.51.100.0/24`. */
  readonly prefix: PerFamily<string>;
  /** Bytes of an IP packet. */
  readonly mtu: number;
}

/** A node's interface: eth0, eth1 ... in the order in which the topology lists them. */
export interface Interface {
  readonly name: string;
  readonly network: string;
  /** Pinned, lower case, colon separated; unique in the topology and the same in every run. */
  readonly mac: string;
  /** Addresses without prefix length (the network has it), in canonical text form. */
  readonly address: PerFamily<string>;
  /** The field's names of this address, `CIP`, `DIP`, `LIP`, `RIP1`; the first is the preferred one. */
  readonly names: readonly string[];
}

export interface Route {
  /** `default` or a CIDR prefix. */
  readonly to: string;
  readonly via: string;
  readonly family: Family;
}

/** A real HTTP server (nginx), whose answer names its node and whose log has the peer's address. */
export interface HttpService {
  readonly kind: 'http';
  readonly port: number;
}

export interface Node {
  readonly name: string;
  readonly role: Role;
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
  /** Below `net.` only; values as the kernel writes them. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly services: readonly HttpService[];
}

/** An address that belongs to no interface from the start: a VIP. */
export interface NamedAddress {
  readonly name: string;
  readonly address: PerFamily<string>;
  /** The network whose prefix holds it. */
  readonly network: string;
}

/** A topology with everything resolved and checked: what is deployed, and what is saved in a run folder. */
export interface Topology {
  readonly name: string;
  readonly description: string;
  readonly networks: readonly Network[];
  readonly nodes: readonly Node[];
  readonly addresses: readonly NamedAddress[];
}
