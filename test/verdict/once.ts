import test from 'ava';
import type {Family} from '../../src/topology/types.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf} from '../support/legs.ts';

interface Again {
  readonly family: Family;
  readonly flags: string;
  readonly sequence: number;
  /** Nanoseconds after the last packet of the run. */
  readonly after: bigint;
  readonly failed: readonly string[];
}

/** The last connection's real server, whose data end at 780_044 with its FIN, sends something once more. */
const sentAgain = test.macro({
  exec(t, {family, flags, sequence, after, failed}: Again) {
    const rig = goodRun('dr', family);
    rig.time += after;
    rig.send(legsOf(rig.route('rs2', 40_003), 'reply'), {
      id: 0,
      protocol: 'tcp',
      flags,
      sequence,
      acknowledgement: 280_033,
    });
    t.deepEqual(
      rig
        .judge()
        .checks.filter(({verdict}) => verdict === 'FAIL')
        .map(({id}) => id),
      failed,
    );
  },
  title: (name, {family, after}: Again) => `${family}: ${name ?? ''}, ${after} ns later`,
});
for (const family of ['v4', 'v6'] as const) {
  const fin = {family, flags: 'F.', sequence: 780_044};
  // Linux 7.3 has done so: the timer that probes for its loss ran since the data before.
  test('a FIN again at once passes', sentAgain, {...fin, after: 0n, failed: []});
  test('a FIN by a timer passes', sentAgain, {...fin, after: 200_000_000n, failed: []});
  test('bare ACKs may be equal', sentAgain, {
    ...fin,
    flags: '.',
    sequence: 780_045,
    after: 0n,
    failed: [],
  });
}

test('a SYN that comes again is answered again, at whatever time', t => {
  const failed = (syns: number): boolean => {
    const rig = goodRun('dr', 'v4', 'tcp', 0);
    const route = rig.route('rs1', 40_000);
    const say = (direction: 'request' | 'reply', flags: string, id: number): void =>
      rig.send(legsOf(route, direction), {
        id,
        protocol: 'tcp',
        flags,
        sequence: direction === 'request' ? 280_000 : 780_000,
        acknowledgement: direction === 'request' ? 0 : 280_001,
      });
    for (let i = 0; i < syns; i++) {
      say('request', 'S', 50 + i);
      rig.time += 1_000_000_000n;
    }
    say('reply', 'S.', 0);
    say('reply', 'S.', 0);
    return rig.judge().checks.some(({id, verdict}) => id === 'once' && verdict === 'FAIL');
  };
  t.true(failed(1));
  t.false(failed(2));
});
