import {formatIpv4, formatIpv6} from '../wire/address.ts';
import {hashBytes, sameBytes} from './bytes.ts';
import {HashIndex} from './hash-index.ts';

/** The longest address, IPv6's, in bytes. */
const width = 16;

/** The IP addresses that were seen, each kept once and known by its number. */
export class Addresses {
  readonly #index: HashIndex;
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  readonly #lengths: Uint8Array;

  /** For at most `capacity` addresses. */
  constructor(capacity: number) {
    this.#index = new HashIndex(capacity);
    this.#bytes = new Uint8Array(capacity * width);
    this.#data = new DataView(this.#bytes.buffer);
    this.#lengths = new Uint8Array(capacity);
  }

  /** The number of the address at `at`. */
  put(data: DataView, at: number, family: 4 | 6): number {
    const length = family === 4 ? 4 : 16;
    const hash = hashBytes(data, at, at + length, family);
    let id = this.#index.first(hash);
    while (
      id >= 0 &&
      !(this.#lengths[id] === length && sameBytes(data, at, this.#data, id * width, length))
    )
      id = this.#index.next(id);
    if (id >= 0) return id;
    id = this.#index.add(hash);
    this.#lengths[id] = length;
    for (let i = 0; i < length; i++) this.#bytes[id * width + i] = data.getUint8(at + i);
    return id;
  }

  /** As a decoded header has it. */
  text(id: number): string {
    const format = this.#lengths[id] === 4 ? formatIpv4 : formatIpv6;
    return format(this.#bytes, id * width);
  }
}
