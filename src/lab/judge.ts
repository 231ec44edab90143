import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {InputError} from '../problem.ts';
import {openRunFolder} from '../run-folder/read.ts';
import type {RunFolder} from '../run-folder/types.ts';
import type {InterfaceCapture} from '../trace/types.ts';
import {judgeExchange} from '../verdict/exchange/judge.ts';
import {exchangeExpectationSchema} from './exchange/saved.ts';
import {property} from './import.ts';
import {expectationSchema} from './saved.ts';
import {judge} from '../verdict/judge.ts';
import type {Judgement} from '../verdict/types.ts';
import {indexPcap} from '../wire/pcap.ts';

/** What of a lab is saved with its run: enough to judge it again. */
const savedLab = z.object({
  title: z.string(),
  claims: z.array(z.string()),
  counter: z.object({claim: z.string(), when: z.string(), cause: z.string()}).nullable(),
  expectation: z.unknown(),
});
const savedAs = {
  lab: savedLab.extend({expectation: expectationSchema}),
  exchange: savedLab.extend({expectation: exchangeExpectationSchema}),
};
export type SavedLab = z.infer<(typeof savedAs)[keyof typeof savedAs]>;

/** A run as it is judged: from its folder alone. */
export interface JudgedRun {
  readonly run: RunFolder;
  readonly lab: SavedLab;
  readonly judgement: Judgement;
}

/**
 * Judges a run folder: reads its captures, follows the packets and checks them against the saved expectation. Needs
 * no Docker. Throws InputError for a folder or capture that cannot be read.
 */
export function judgeFolder(path: string): JudgedRun {
  const run = openRunFolder(path);
  const file = join(path, 'lab.json');
  const json = readJson(file);
  const isExchange = property(property(json, 'expectation'), 'kind') === 'exchange';
  const parsed = (isExchange ? savedAs.exchange : savedAs.lab).safeParse(json);
  if (!parsed.success)
    throw new InputError({
      what: `the run's lab is damaged: ${z.prettifyError(parsed.error)}`,
      where: file,
      next: 'restore the file, or run the lab again',
    });
  return {
    run,
    lab: parsed.data,
    judgement: judgeAny(run, readCaptures(run), parsed.data.expectation),
  };
}

/** Judges the run of a lab or of an exchange. */
export const judgeAny = (
  run: RunFolder,
  captures: readonly InterfaceCapture[],
  expectation: SavedLab['expectation'],
): Judgement =>
  'kind' in expectation
    ? judgeExchange(run, captures, expectation)
    : judge(run, captures, expectation);

/** The captures of a run, decoded as far as files go. Throws InputError naming the file and offset of damage. */
export const readCaptures = (run: RunFolder): InterfaceCapture[] =>
  run.record.captures.map(({node, interface: name, file}) => {
    const path = join(run.path, file);
    return {node, interface: name, frames: indexPcap(readFileSync(path), path).frames};
  });

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(
      {
        what: "the run's lab cannot be read",
        where: file,
        value: error instanceof Error ? error.message : String(error),
        next: 'restore the file, or run the lab again',
      },
      error,
    );
  }
}
