// Plants every known fault in runs that pass and prints what was caught: npm run mutate -- [--sample 500] [run folders...]
// Without run folders: the runs that are made without a kernel. Ends with 1 when less than 99 % are caught, with 2 when
// there is no run to plant in.
import {parseArgs} from 'node:util';
import {plainTable} from '../../src/report/table.ts';
import {modes} from '../support/legs.ts';
import {faultsOf, sampleOf} from './support/all-faults.ts';
import {folderSubject, ftpSubject, rigSubject} from './support/subject.ts';
import {Tallying} from './support/tally.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    /** Faults a run; all without. */
    sample: {type: 'string'},
    seed: {type: 'string', default: '1'},
  },
});
const subjects =
  positionals.length === 0
    ? [...modes.map(mode => rigSubject(mode)), ftpSubject()]
    : positionals.flatMap(path => folderSubject(path) ?? []);

const tallying = new Tallying();
for (const subject of subjects) {
  const faults = faultsOf(subject);
  const sample = sampleOf(faults, Number(values.sample ?? faults.length), Number(values.seed));
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
