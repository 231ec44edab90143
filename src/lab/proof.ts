import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {stateFolder} from '../own/places.ts';
import {findTopology, ownTopologies} from '../topology/load.ts';
import {claims} from './claims.ts';
import type {LabResult} from '../report/types.ts';
import type {LabFile} from './types.ts';

const proofSchema = z.record(
  z.string(),
  z.strictObject({labHash: z.string(), run: z.string(), when: z.string()}),
);
type Proofs = z.infer<typeof proofSchema>;
type Labs = readonly LabFile[];

const file = (): string => join(stateFolder(), 'proofs.json');
const key = (claim: string, lab: string): string => `${claim} ${lab}`;

function readProofs(): Proofs {
  try {
    return proofSchema.parse(JSON.parse(readFileSync(file(), 'utf8')));
  } catch {
    // Nothing was proven here yet, or by another version: then it is to be proven anew.
    return {};
  }
}

/** All that a proof was made with: the lab, its topologies and its counter-labs', or the labs that are compared. */
function contentOf(lab: LabFile, all: Labs, topologies: readonly string[]): unknown {
  if (lab.kind === 'comparison')
    return {
      ...lab,
      file: '',
      of: lab.of.map(name => {
        const compared = all.find(one => one.name === name);
        return compared !== undefined && compared.kind !== 'comparison'
          ? contentOf(compared, all, topologies)
          : name;
      }),
    };
  const names = [
    lab.topology,
    ...(lab.kind === 'lab' ? lab.counter.flatMap(({change}) => change.topology ?? []) : []),
  ];
  const folders = [...topologies, ownTopologies];
  return {...lab, file: '', topology: names.map(name => findTopology(name, folders))};
}

/** What a lab's counter-labs break; a comparison has none. */
const countersOf = (lab: LabFile): readonly {readonly claim: string; readonly when: string}[] =>
  lab.kind === 'comparison' ? [] : lab.counter;

/** A lab as it stands now: a proof counts only for what it was made with. */
const hashOf = (lab: LabFile, all: Labs, topologies: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(contentOf(lab, all, topologies)))
    .digest('hex')
    .slice(0, 16);

/**
 * Remembers which claims a run proved: the lab passed, and each of its counter-labs for the claim was run and failed
 * for the stated reason. A claim that this run shows false loses its earlier proof.
 */
export function recordProofs(
  results: readonly {readonly lab: LabFile; readonly result: LabResult}[],
  topologies: readonly string[] = [],
): void {
  const all = results.map(({lab}) => lab);
  const proofs = readProofs();
  for (const {lab, result} of results) {
    for (const claim of result.claims) {
      const counters = countersOf(lab).filter(one => one.claim === claim.id);
      const ran = result.counters.filter(counter => counter.claim === claim.id);
      const at = key(claim.id, lab.name);
      if (claim.verdict === 'FAIL' || ran.some(counter => !counter.asExpected)) delete proofs[at];
      else if (
        result.verdict === 'PASS' &&
        claim.verdict === 'PASS' &&
        ran.length === counters.length
      )
        proofs[at] = {
          labHash: hashOf(lab, all, topologies),
          run: result.run ?? '',
          when: new Date().toISOString(),
        };
    }
  }
  mkdirSync(stateFolder(), {recursive: true});
  const half = `${file()}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(proofs, null, 2)}\n`);
  renameSync(half, file());
}

/** A claim, the labs that name it, and whether each of its proofs is there for the labs as they stand now. */
export interface ClaimRow {
  readonly id: string;
  readonly text: string;
  readonly labs: readonly string[];
  readonly counters: readonly string[];
  readonly proven: boolean;
}

/** The rows of `lvslab claims`. A claim is proven when a lab that names it has a valid proof on this machine. */
export function claimRows(labs: Labs, topologies: readonly string[] = []): ClaimRow[] {
  const proofs = readProofs();
  return claims.map(({id, text}) => {
    const naming = labs.filter(lab => lab.claims.includes(id));
    return {
      id,
      text,
      labs: naming.map(lab => lab.name),
      counters: naming.flatMap(lab =>
        countersOf(lab)
          .filter(({claim}) => claim === id)
          .map(({when}) => `${lab.name}: ${when}`),
      ),
      proven: naming.some(
        lab => proofs[key(id, lab.name)]?.labHash === hashOf(lab, labs, topologies),
      ),
    };
  });
}
