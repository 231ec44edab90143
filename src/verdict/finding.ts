import {placeOf} from '../trace/essence.ts';
import type {Crossing} from '../trace/types.ts';
import type {Case} from './case.ts';
import {Notation} from './notation.ts';
import type {Cause} from './causes.ts';

/** A cause, what shows it, and its text when the general one can be more exact. Without evidence nothing is found. */
export type Finding = readonly [cause: Cause, evidence: readonly string[], text?: string];

/** A frame as a line of evidence: `frame 3, client eth0: router > client   RIP > CIP   tcp 80 > 40000 [S.]`. */
export const frameLine =
  (judged: Case) =>
  (crossing: Crossing): string =>
    `${placeOf(crossing.any)}: ${new Notation(judged.names).seen(crossing)}`;
