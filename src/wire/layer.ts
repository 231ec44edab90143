import type {ChecksumState, Header, Kind, Span} from './types.ts';

/** A checksum field as it shall stand, or `bad` for any that is wrong, and not the 0 that means none in UDP. */
export type GivenChecksum = number | 'bad';

/** The checksum field to write: the given one, or the one that `computed` from the packet. */
export function chooseChecksum(given: GivenChecksum | undefined, computed: number): number {
  return given === 'bad' ? (computed ^ 0x0101) >>> 0 || 0x0202 : (given ?? computed);
}

/**
 * What the builder needs to make a header of type `H`: the required fields, and any other field to
 * overrule the default or computed value. An explicit checksum is written as it is, right or wrong; `bad` is surely wrong.
 */
export type Fields<H extends Header, Required extends keyof H> = {readonly kind: H['kind']} & Pick<
  H,
  Required
> &
  Partial<Omit<H, keyof Span | 'kind' | 'checksum' | Required>> &
  (H extends {readonly checksum: ChecksumState}
    ? {readonly checksum?: GivenChecksum | undefined}
    : unknown);

/** What a layer is wrapped around when it is built. */
export interface Inner {
  readonly kind: Kind | undefined;
  readonly bytes: Uint8Array;
  /** The sum of the pseudo header that the nearest enclosing IP layer makes; 0 without one. */
  readonly pseudoSum: (protocol: number, length: number) => number;
}
