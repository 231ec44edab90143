import {Addresses} from './addresses.ts';
import {HashIndex, mix} from './hash-index.ts';
import type {Outline} from './outline.ts';
import type {Tuple} from './types.ts';

/** The protocol and two ends of a connection, the end with the smaller numbers first. */
interface Ends {
  readonly protocol: Uint8Array;
  readonly addresses: readonly [Int32Array, Int32Array];
  readonly ports: readonly [Uint16Array, Uint16Array];
}

/**
 * The tuples that were seen, by number: the two directions of one pair of ends are 2n and 2n + 1, and n is their
 * connection. A tuple whose ends are the same is 2n in both directions.
 */
export class Tuples {
  readonly #addresses: Addresses;
  readonly #index: HashIndex;
  readonly #ends: Ends;

  /** For at most `capacity` tuples. */
  constructor(capacity: number) {
    this.#addresses = new Addresses(2 * capacity);
    this.#index = new HashIndex(capacity);
    this.#ends = {
      protocol: new Uint8Array(capacity),
      addresses: [new Int32Array(capacity), new Int32Array(capacity)],
      ports: [new Uint16Array(capacity), new Uint16Array(capacity)],
    };
  }

  /** The number of the tuple of a packet that has ports. */
  put(data: DataView, {ip, family, protocol, content}: Outline): number {
    const ports = data.getUint32(content);
    return this.putEnds(data, ip, family, protocol, ports >>> 16, ports & 0xffff);
  }

  /** The number of the tuple of the addresses in the IP header at `ip` and these ports. */
  putEnds(
    data: DataView,
    ip: number,
    family: 4 | 6,
    protocol: number,
    sourcePort: number,
    destinationPort: number,
  ): number {
    const length = family === 4 ? 4 : 16;
    const at = ip + (family === 4 ? 12 : 8);
    const source = this.#addresses.put(data, at, family);
    const destination = this.#addresses.put(data, at + length, family);
    const inOrder =
      source < destination || (source === destination && sourcePort <= destinationPort);
    return inOrder
      ? 2 * this.#put(protocol, source, sourcePort, destination, destinationPort)
      : 2 * this.#put(protocol, destination, destinationPort, source, sourcePort) + 1;
  }

  #put(protocol: number, address: number, port: number, other: number, otherPort: number): number {
    const {addresses, ports} = this.#ends;
    const hash = mix(mix(mix(protocol, address), other), port * 65_536 + otherPort);
    let id = this.#index.first(hash);
    while (
      id >= 0 &&
      !(
        this.#ends.protocol[id] === protocol &&
        addresses[0][id] === address &&
        ports[0][id] === port &&
        addresses[1][id] === other &&
        ports[1][id] === otherPort
      )
    )
      id = this.#index.next(id);
    if (id >= 0) return id;
    id = this.#index.add(hash);
    this.#ends.protocol[id] = protocol;
    addresses[0][id] = address;
    ports[0][id] = port;
    addresses[1][id] = other;
    ports[1][id] = otherPort;
    return id;
  }

  /** The tuple of the packets in the other direction. */
  reversed(tuple: number): number {
    const connection = tuple >> 1;
    const {addresses, ports} = this.#ends;
    const same =
      addresses[0][connection] === addresses[1][connection] &&
      ports[0][connection] === ports[1][connection];
    return same ? tuple : tuple ^ 1;
  }

  /** How many of source, destination and their ports differ. */
  distance(a: number, b: number): number {
    const {addresses, ports} = this.#ends;
    let distance = 0;
    for (const end of [0, 1]) {
      const [ofA, ofB] = [end ^ (a & 1), end ^ (b & 1)];
      if (addresses[ofA]?.[a >> 1] !== addresses[ofB]?.[b >> 1]) distance++;
      if (ports[ofA]?.[a >> 1] !== ports[ofB]?.[b >> 1]) distance++;
    }
    return distance;
  }

  /** The tuple as an object. */
  object(tuple: number): Tuple {
    const {protocol, addresses, ports} = this.#ends;
    const connection = tuple >> 1;
    const [source, destination] = (tuple & 1) === 0 ? ([0, 1] as const) : ([1, 0] as const);
    return {
      protocol: protocol[connection] ?? 0,
      source: this.#addresses.text(addresses[source][connection] ?? 0),
      sourcePort: ports[source][connection] ?? 0,
      destination: this.#addresses.text(addresses[destination][connection] ?? 0),
      destinationPort: ports[destination][connection] ?? 0,
    };
  }
}
