import type {Check} from './types.ts';

/** How what IPVS says of itself goes with the packets. */
export interface Account {
  readonly check: Check;
  /** What tells against a PASS and is no failure: something that IPVS had and no capture has, or that was not ready yet. */
  readonly doubts: readonly string[];
}
