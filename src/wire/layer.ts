import type {ChecksumState, Header, Kind, Span} from './types.ts';

/**
 * What the builder needs to make a header of type `H`: the required fields, and any other field to
 * overrule the default or computed value. An explicit checksum is written as it is, right or wrong.
 */
export type Fields<H extends Header, Required extends keyof H> = {readonly kind: H['kind']} & Pick<
  H,
  Required
> &
  Partial<Omit<H, keyof Span | 'kind' | 'checksum' | Required>> &
  (H extends {readonly checksum: ChecksumState}
    ? {readonly checksum?: number | undefined}
    : unknown);

/** What a layer is wrapped around when it is built. */
export interface Inner {
  readonly kind: Kind | undefined;
  readonly bytes: Uint8Array;
  /** The sum of the pseudo header that the nearest enclosing IP layer makes; 0 without one. */
  readonly pseudoSum: (protocol: number, length: number) => number;
}
