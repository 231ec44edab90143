import {allPaths, departure, partsOf} from '../../trace/essence.ts';
import type {Crossing, Trace} from '../../trace/types.ts';
import {innerOf, type Inner} from './inner.ts';

// A receiver's clock is its sender's, but for the rounding of times.
const skew = 1_000_000n;

/** Every crossing of a run, of which each is to be taken by one expectation. */
export class Ledger {
  /** In order of time, without what neighbours say to find each other. */
  readonly crossings: readonly Crossing[];
  readonly #taken = new Set<Crossing>();
  readonly #next = new Map<Crossing, Crossing>();
  readonly #whole = new Map<Crossing, Crossing>();
  readonly #inner = new Map<Crossing, Inner | undefined>();

  constructor({flows, other}: Trace) {
    const paths = flows.flatMap(allPaths);
    for (const whole of paths.flatMap(path => path.crossings))
      for (const part of whole.fragments) this.#whole.set(part, whole);
    for (const {crossings} of paths)
      for (const [i, crossing] of crossings.entries()) {
        const next = crossings[i + 1];
        if (next !== undefined) this.#follow(crossing, next);
      }
    // Fragments are sent one by one, and each is expected by itself.
    this.crossings = [...paths.flatMap(path => path.crossings.flatMap(partsOf)), ...other]
      .filter(crossing => !isNeighbourly(crossing))
      .toSorted((a, b) => Number(departure(a) - departure(b)));
  }

  /** A packet in fragments goes on fragment by fragment, when it goes on in as many. */
  #follow(crossing: Crossing, next: Crossing): void {
    const [parts, nextParts] = [partsOf(crossing), partsOf(next)];
    for (const [i, part] of parts.entries()) {
      const after = parts.length === nextParts.length ? nextParts[i] : nextParts[0];
      if (after !== undefined) this.#next.set(part, after);
    }
  }

  take(crossing: Crossing): void {
    this.#taken.add(crossing);
  }

  isTaken(crossing: Crossing): boolean {
    return this.#taken.has(crossing);
  }

  /** The first crossing that nobody took, not before `after`, that is as wanted. */
  find(wanted: (crossing: Crossing) => boolean, after = 0n): Crossing | undefined {
    return this.crossings.find(
      crossing =>
        !this.#taken.has(crossing) && departure(crossing) >= after - skew && wanted(crossing),
    );
  }

  /** Where the crossing's packet went next, as following found it, unless another expectation took that. */
  next(crossing: Crossing): Crossing | undefined {
    const next = this.#next.get(crossing);
    return next === undefined || this.#taken.has(next) ? undefined : next;
  }

  /** The packet that a fragment is of, put together, where all of it came; else the crossing itself. */
  whole(crossing: Crossing): Crossing {
    return this.#whole.get(crossing) ?? crossing;
  }

  inner(crossing: Crossing): Inner | undefined {
    if (!this.#inner.has(crossing))
      this.#inner.set(
        crossing,
        innerOf({bytes: crossing.any.frame.bytes, packet: crossing.any.packet}),
      );
    return this.#inner.get(crossing);
  }

  /** What nobody took. */
  left(): readonly Crossing[] {
    return this.crossings.filter(crossing => !this.#taken.has(crossing));
  }
}

/** ARP, neighbour discovery (RFC 4861: 133 to 136) and multicast listeners (RFC 3810: 130 to 132, 143). */
function isNeighbourly({any}: Crossing): boolean {
  const last = any.packet.headers.at(-1);
  if (last?.kind === 'icmpv6') return (last.type >= 130 && last.type <= 136) || last.type === 143;
  return last?.kind === 'arp';
}

/** Whether two innermost packets are the same, what their checksums are worth included. */
export const sameInner = (a: Inner | undefined, b: Inner | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.bytes.equals(b.bytes) &&
  a.checksums.ip === b.checksums.ip &&
  a.checksums.transport === b.checksums.transport &&
  a.checksums.quoted === b.checksums.quoted &&
  (a.asWritten === undefined || b.asWritten === undefined || a.asWritten === b.asWritten);
