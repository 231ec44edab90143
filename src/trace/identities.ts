import {hashBytes, sameBytes} from './bytes.ts';
import {HashIndex, mix} from './hash-index.ts';
import type {Outline, Shape} from './outline.ts';

/**
 * What no rewrite of IPVS and netfilter changes, by number: equal for the same packet before and after NAT, tunnels and
 * routers. That is protocol, IP id, fragment offset, and all that IP carries but the ports and checksums.
 */
export class Identities {
  readonly #index: HashIndex;
  readonly #protocol: Uint8Array;
  readonly #id: Uint32Array;
  readonly #fragmentOffset: Uint16Array;
  readonly #content: Uint32Array;
  readonly #end: Uint32Array;
  /** Where its shape begins: two shapes of one protocol never begin alike. */
  readonly #skip: Uint8Array;
  /** The buffer of one packet that has the identity. */
  readonly #data: DataView[] = [];

  /** For at most `capacity` identities. */
  constructor(capacity: number) {
    this.#index = new HashIndex(capacity);
    this.#protocol = new Uint8Array(capacity);
    this.#id = new Uint32Array(capacity);
    this.#fragmentOffset = new Uint16Array(capacity);
    this.#content = new Uint32Array(capacity);
    this.#end = new Uint32Array(capacity);
    this.#skip = new Uint8Array(capacity);
  }

  /** The identity of a packet whose outline has just been read from `data`. */
  put(data: DataView, {protocol, id, fragmentOffset, content, end, shape}: Outline): number {
    const {skip, gap, resume} = shape;
    const start = mix(mix(id, fragmentOffset), protocol);
    const head = hashBytes(data, content + skip, content + gap, start);
    const hash = hashBytes(data, content + resume, end, head);
    let known = this.#index.first(hash);
    while (
      known >= 0 &&
      !(
        this.#protocol[known] === protocol &&
        this.#id[known] === id &&
        this.#fragmentOffset[known] === fragmentOffset &&
        this.#skip[known] === skip &&
        this.#has(known, data, content, end, shape)
      )
    )
      known = this.#index.next(known);
    if (known >= 0) return known;
    known = this.#index.add(hash);
    this.#protocol[known] = protocol;
    this.#id[known] = id;
    this.#fragmentOffset[known] = fragmentOffset;
    this.#content[known] = content;
    this.#end[known] = end;
    this.#skip[known] = skip;
    this.#data.push(data);
    return known;
  }

  /** Whether the content is the same. What has the same protocol, fragment offset, skip and content has the same shape. */
  #has(known: number, data: DataView, content: number, end: number, shape: Shape): boolean {
    const other = this.#data[known];
    const from = this.#content[known] ?? 0;
    if (other === undefined || (this.#end[known] ?? 0) - from !== end - content) return false;
    const {skip, gap, resume} = shape;
    return (
      sameBytes(data, content + skip, other, from + skip, gap - skip) &&
      sameBytes(data, content + resume, other, from + resume, end - content - resume)
    );
  }
}
