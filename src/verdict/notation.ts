import {printPacket} from '../wire/print.ts';
import type {Header, Packet} from '../wire/types.ts';
import type {Crossing} from '../trace/types.ts';
import type {Connection} from './connections.ts';
import {
  chosenAddress,
  chosenServer,
  clientAddress,
  virtualAddress,
  type Hop,
  type Pair,
} from './hops.ts';
import type {Names} from './names.ts';

/** How things of a connection are written: names of the field, the chosen real server's address as RIP. */
export class Notation {
  readonly #names: Names;
  readonly #connection: Connection | undefined;

  constructor(names: Names, connection?: Connection) {
    this.#names = names;
    this.#connection = connection;
  }

  /** `VIP`, `RIP`, a node's name for its MAC; the address itself when nobody has it. */
  readonly name = (address: string): string => {
    if (address === this.#connection?.server?.address) return chosenAddress;
    if (address === this.#connection?.client) return clientAddress;
    if (address === this.#connection?.virtual?.address) return virtualAddress;
    return this.#names.name(address) ?? address;
  };

  /** `VIP 198.51.100.80`. */
  readonly named = (address: string): string => {
    const name = this.name(address);
    return name === address ? address : `${name} ${address}`;
  };

  /** The chosen real server's name for `rs`. */
  readonly node = (name: string): string =>
    name === chosenServer ? (this.#connection?.server?.node ?? name) : name;

  readonly link = ({source, destination}: Pair): string =>
    `${this.node(source)} > ${this.node(destination)}`;

  /** `director > rs1   CIP > VIP   tcp 40312 > 80 [S]`. */
  seen({from, to, any}: Crossing): string {
    const [source, destination] = macs(any.packet);
    const link = `${from ?? source} > ${to ?? destination}`;
    return [link, this.packet(any.packet)].filter(part => part !== '').join('   ');
  }

  /** `CIP > VIP   tcp 40312 > 80 [S]`. */
  packet(packet: Packet): string {
    const last = packet.headers.at(-1);
    const transport =
      last?.kind === 'tcp' || last?.kind === 'udp' || last?.kind === 'sctp' ? last : undefined;
    const print = (headers: readonly Header[]): string =>
      printPacket({headers, payload: packet.payload}, {name: this.name});
    return transport === undefined
      ? printPacket(packet, {name: this.name})
      : `${print(packet.headers.slice(0, -1))}   ${print([transport])}`;
  }

  /** The packet that a hop expects, in the place of a `like` one that was seen. */
  expected(hop: Hop, like: Packet | undefined): string {
    const last = like?.headers.at(-1);
    const carrier = hop.encapsulation === 'none' ? ' ' : ` ${hop.encapsulation} `;
    const ip = hop.ip.map(({source, destination}) => `${source} > ${destination}`).join(carrier);
    const seen =
      last?.kind === 'tcp' || last?.kind === 'udp' || last?.kind === 'sctp' ? last : undefined;
    const port = (name: string | undefined, value: number | undefined): string =>
      String(
        (name === undefined ? undefined : this.#connection?.ports.get(name)) ??
          (isNumber(name) ? name : value) ??
          name ??
          '',
      );
    const ports = `${port(hop.ports?.source, seen?.sourcePort)} > ${port(hop.ports?.destination, seen?.destinationPort)}`;
    const flags = seen?.kind === 'tcp' ? ` [${seen.flags}]` : '';
    const transport = seen === undefined ? '' : `${seen.kind} ${ports}${flags}`;
    return [this.link(hop.link), ip, transport].filter(part => part !== '').join('   ');
  }
}

const isNumber = (text: string | undefined): boolean => text !== undefined && /^\d+$/.test(text);

function macs(packet: Packet): [string, string] {
  for (const header of packet.headers)
    if (header.kind === 'ethernet') return [header.source, header.destination];
  return ['?', '?'];
}
