// Plants every known fault in runs that pass and prints what was caught: npm run mutate -- [--sample 500] [run folders...]
// Without run folders: the runs that are made without a kernel. Ends with 1 when less than 99 % are caught, with 2 when
// there is no run to plant in.
import {parseArgs} from 'node:util';
import {plainTable} from '../../src/report/table.ts';
import {modes} from '../support/legs.ts';
import {faultsOf, sampleOf, someFlows} from './support/all-faults.ts';
import {waysOf} from './support/fault.ts';
import {folderSubject, ftpSubject, rigSubject, type Subject} from './support/subject.ts';
import {Tallying} from './support/tally.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    /** Faults a run; all without. */
    sample: {type: 'string'},
    seed: {type: 'string', default: '1'},
  },
});
/** Packets of the flows that a sample is drawn from. */
const flowsOfSample = 150;

/** One at a time: together they would not fit. */
function* subjectsOf(paths: readonly string[]): Generator<Subject> {
  if (paths.length === 0) {
    for (const mode of modes) yield rigSubject(mode);
    yield ftpSubject();
  }
  for (const path of paths) {
    const subject = folderSubject(path);
    if (subject !== undefined) yield subject;
  }
}

const tallying = new Tallying();
for (const subject of subjectsOf(positionals)) {
  const seed = Number(values.seed);
  const all = waysOf(subject);
  // Of a run of a hundred connections a few flows are as good as all, and their faults are made in a tenth of the time.
  const ways = values.sample === undefined ? all : someFlows(all, flowsOfSample, seed);
  const faults = faultsOf(subject, ways);
  const sample = sampleOf(faults, Number(values.sample ?? faults.length), seed);
  process.stderr.write(`${subject.name}: ${sample.length} of ${faults.length} faults\n`);
  for (const fault of sample) tallying.plant(subject, fault);
}

const {planted, caught, rows, missed} = tallying.done();
const share = planted === 0 ? 0 : caught / planted;
const table = plainTable(
  ['fault', 'where', 'planted', 'FAIL', 'INCONCLUSIVE', 'caught'],
  rows.map(row => [
    row.kind,
    row.scope,
    String(row.planted),
    String(row.fail),
    String(row.inconclusive),
    row.caught === row.planted ? 'all' : String(row.caught),
  ]),
);
const uncaught = missed.map(
  ({subject, fault, verdict}) =>
    `${verdict}  ${subject}: ${fault.kind}, ${fault.scope}: ${fault.place}`,
);
process.stdout.write(
  `${[table, '', ...uncaught, `${caught} of ${planted} caught, ${(100 * share).toFixed(2)} %`].join('\n')}\n`,
);
process.exitCode = planted === 0 ? 2 : share < 0.99 ? 1 : 0;
