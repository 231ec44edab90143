import test from 'ava';
import {loadTopology} from '../../../src/topology/load.ts';
import {InputError} from '../../../src/problem.ts';
import {sample, spoil} from './sample.ts';

/** What replaces what in the sample. */
export type Edit = readonly [part: string, by: string];

/** The sample with these edits is refused with exactly this message, between two line ends. */
export const fails = test.macro((t, edits: readonly Edit[], message: string) => {
  const text = edits.reduce((spoilt, [part, by]) => spoil(spoilt, part, by), sample);
  const error = t.throws(() => loadTopology(text, 'sample.yaml'), {instanceOf: InputError});
  t.is(`\n${error.message}\n`, message);
});
