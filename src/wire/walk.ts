import type {Header, Ip, Kind, Packet} from './types.ts';

/** Decodes the packet that an ICMP error quotes. */
export type Quote = (start: number, end: number) => Packet;

/**
 * The decoder's place in a frame. Each protocol's step reads one header at `offset`, adds it, narrows
 * `end` if the header says where its packet ends, and names what follows; or it halts.
 */
export class Walk {
  readonly bytes: Uint8Array;
  readonly headers: Header[] = [];
  offset: number;
  /** Where the captured bytes of the innermost packet so far end: padding and snap length are out. */
  end: number;
  /** Every byte that the innermost IP header claims is here and it is no fragment: checksums can be checked. */
  whole = false;
  /** The innermost IP header so far: the pseudo header of what follows. */
  ip: Ip | undefined;
  stop: Packet['stop'];
  readonly guePorts: readonly number[];
  readonly syncPorts: readonly number[];
  /** Undefined inside a quote: an ICMP error never answers an ICMP error (RFC 1122 3.2.2). */
  readonly quote: Quote | undefined;
  /** Said after a lack of bytes: that the capture, not the sender, cut the frame. */
  readonly cut: string;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    context: Pick<Walk, 'guePorts' | 'syncPorts' | 'quote' | 'cut'>,
  ) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
    this.guePorts = context.guePorts;
    this.syncPorts = context.syncPorts;
    this.quote = context.quote;
    this.cut = context.cut;
  }

  /** Adds a header and moves behind it. */
  add(header: Header): void {
    this.headers.push(header);
    this.offset = header.offset + header.length;
  }

  /** Adds a header that is read in place: what it tells of stays the payload. */
  read(header: Header): void {
    this.headers.push(header);
  }

  /** Ends the walk for a reason; returns undefined so that a step can return it. */
  halt(reason: string, offset = this.offset): undefined {
    this.stop = {reason, offset};
  }

  /** Halts when fewer than `length` bytes are left for `what`. */
  lacks(length: number, what: string, offset = this.offset): boolean {
    const left = this.end - offset;
    if (left >= length) return false;
    this.halt(
      `${what} needs ${length} bytes, ${Math.max(0, left)} are there${this.cut}`,
      Math.min(offset, this.end),
    );
    return true;
  }
}

/** One protocol's step. @returns what follows, or undefined when the payload follows or the walk halted. */
export type Step = (walk: Walk) => Kind | undefined;
