import type {Topology} from '../topology/types.ts';
import {parseMac} from '../wire/address.ts';
import type {InterfaceCapture} from './types.ts';

/** An interface of the topology, by numbers. */
export interface End {
  readonly node: number;
  readonly place: number;
  readonly network: number;
}

/** Gives names numbers, from 0 in order of appearance. */
class Numbering {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** Nodes, networks and interfaces as numbers, and who has which MAC. */
export class Places {
  /** Node names by number. */
  readonly nodes: readonly string[];
  /** Network names by number. */
  readonly networks: readonly string[];
  /** For each capture its node, its interface's number and its network. */
  readonly captures: readonly End[];
  readonly #byMac: ReadonlyMap<number, End>;

  constructor(topology: Topology, captures: readonly InterfaceCapture[]) {
    const [nodes, networks, places] = [new Numbering(), new Numbering(), new Numbering()];
    const byMac = new Map<number, End>();
    const networkOf = new Map<number, number>();
    for (const {name: node, interfaces} of topology.nodes)
      for (const {name, network, mac} of interfaces) {
        const place = places.of(`${node} ${name}`);
        const end = {node: nodes.of(node), place, network: networks.of(network)};
        networkOf.set(place, end.network);
        byMac.set(macAt(new DataView(parseMac(mac).buffer), 0), end);
      }
    this.captures = captures.map(({node, interface: name}) => {
      // An Ethernet device that the topology does not know (lo, bond0) is a network of its own.
      const place = places.of(`${node} ${name}`);
      const network = networkOf.get(place) ?? networks.of(`${node} ${name}`);
      return {node: nodes.of(node), place, network};
    });
    this.nodes = nodes.names;
    this.networks = networks.names;
    this.#byMac = byMac;
  }

  /** The interface that has the MAC at `at`. */
  withMac(data: DataView, at: number): End | undefined {
    return this.#byMac.get(macAt(data, at));
  }
}

const macAt = (data: DataView, at: number): number =>
  data.getUint16(at) * 2 ** 32 + data.getUint32(at + 2);
