import test from 'ava';
import {modes} from '../support/legs.ts';
import {faultsOf, sampleOf} from './support/all-faults.ts';
import {ftpSubject, judgeSubject, rigSubject} from './support/subject.ts';
import {Tallying} from './support/tally.ts';

// All of them: npm run mutate.
const sample = 120;

test('nothing planted, nothing found', t => {
  for (const mode of modes) t.is(judgeSubject(rigSubject(mode, 2)).verdict, 'PASS', mode);
  t.is(judgeSubject(ftpSubject()).verdict, 'PASS', 'ftp');
});

test('of the faults that are planted in runs that pass, at least 99 in 100 are caught', t => {
  const tallying = new Tallying();
  const subjects = [...modes.map(mode => rigSubject(mode, 2)), ftpSubject()];
  for (const [i, subject] of subjects.entries()) {
    for (const fault of sampleOf(faultsOf(subject), sample, 20 + i)) tallying.plant(subject, fault);
  }
  const {planted, caught, missed} = tallying.done();
  t.is(planted, sample * subjects.length);
  const words = missed.map(
    ({subject, fault, verdict}) =>
      `${verdict} ${subject}: ${fault.kind}, ${fault.scope}: ${fault.place}`,
  );
  t.true(caught >= 0.99 * planted, `${caught} of ${planted}\n${words.join('\n')}`);
});

test('what changes nothing is not caught, and is told', t => {
  const subject = rigSubject('dr', 2);
  const tallying = new Tallying();
  const fault = {kind: 'nothing', scope: 'nowhere', place: 'no place', loss: true};
  tallying.plant(subject, {...fault, plant: () => subject});
  const {planted, caught, missed} = tallying.done();
  t.deepEqual([planted, caught], [1, 0]);
  t.deepEqual(
    missed.map(({verdict}) => verdict),
    ['PASS'],
  );
});

test('a sample has every kind at every place, and the same seed draws the same', t => {
  const faults = faultsOf(rigSubject('ipip', 2));
  const wordsOf = (drawn: typeof faults): readonly string[] =>
    drawn.map(({kind, scope, place}) => `${kind} ${scope} ${place}`);
  const kinds = new Set(faults.map(({kind, scope}) => `${kind} ${scope}`));
  const drawn = sampleOf(faults, kinds.size, 3);
  t.is(new Set(drawn.map(({kind, scope}) => `${kind} ${scope}`)).size, kinds.size);
  t.deepEqual(wordsOf(sampleOf(faults, 50, 3)), wordsOf(sampleOf(faults, 50, 3)));
  t.notDeepEqual(wordsOf(sampleOf(faults, 50, 3)), wordsOf(sampleOf(faults, 50, 4)));
});
