import test from 'ava';
import {goodRun} from '../support/good-run.ts';
import {legsOf, modes} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

/** A segment of rs2's in the last connection, on all its way; the data of its answer end at 780_044. */
const say = (rig: Rig, flags: string, sequence: number): void => {
  rig.time += 1_000_000_000n;
  rig.send(legsOf(rig.route('rs2', 40_003), 'reply'), {
    id: 0,
    protocol: 'tcp',
    flags,
    sequence,
    acknowledgement: 280_033,
  });
};

const failures = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .flatMap(({id, failures: all}) => all.map(({field}) => `${id} ${field}`));

for (const mode of modes) {
  test(`${mode}: a FIN within the data that its end goes on to send fails`, t => {
    const rig = goodRun(mode);
    say(rig, 'F.', 780_020);
    t.true(failures(rig).includes('order tcp.flags'), failures(rig).join(' '));
  });

  test(`${mode}: a FIN that comes once more passes, and a bare ACK behind it`, t => {
    const rig = goodRun(mode);
    say(rig, 'F.', 780_044);
    say(rig, '.', 780_045);
    t.deepEqual(failures(rig), []);
  });
}
