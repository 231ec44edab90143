import test from 'ava';
import {goodRun} from '../support/good-run.ts';
import {legsOf, modes, type Mode} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';
import type {Family} from '../../src/topology/types.ts';

const passes = test.macro({
  exec(t, mode: Mode, family: Family, add: (rig: Rig) => void) {
    const rig = goodRun(mode, family);
    add(rig);
    const {verdict, reasons, checks} = rig.judge();
    t.deepEqual(reasons, []);
    t.deepEqual(
      checks.filter(check => check.verdict !== 'PASS'),
      [],
    );
    t.is(verdict, 'PASS');
  },
  title: (name, mode, family) => `${mode}, IP${family}: ${name ?? ''} passes`,
});

for (const mode of modes)
  for (const family of ['v4', 'v6'] as const) {
    test('a retransmission', passes, mode, family, rig =>
      rig.send(legsOf(rig.route('rs1', 40_000), 'request'), {
        id: 105,
        protocol: 'tcp',
        flags: 'P.',
        sequence: 280_001,
        acknowledgement: 780_001,
        payload: 'GET /40000',
      }),
    );
    test('the use of a port for a second connection', passes, mode, family, rig => {
      rig.connect('rs1', 40_002, 900_000);
      rig.connect('rs2', 40_003, 950_000);
    });
  }

/** Every packet of one connection next to the same packet of the other, alike in all but the tuple. */
const parallel = test.macro({
  exec(t, mode: Mode, family: Family) {
    const rig = new Rig(mode, family);
    const other = goodRun(mode, family, 'tcp', 0);
    for (const [name, text] of other.texts) rig.texts.set(name, text);
    rig.resolve();
    const ports = [40_000, 40_001] as const;
    const lives = ports.map((port, i) => {
      rig.note(rig.route(i === 0 ? 'rs1' : 'rs2', port));
      return (['request', 'reply'] as const).map(direction =>
        legsOf(rig.route(i === 0 ? 'rs1' : 'rs2', port), direction),
      );
    });
    const packets = [
      [0, 'S', 10, 0, ''],
      [1, 'S.', 20, 11, ''],
      [0, '.', 11, 21, ''],
      [0, 'P.', 11, 21, 'same'],
      [1, 'P.', 21, 15, 'alike'],
      [0, 'F.', 15, 26, ''],
      [1, 'F.', 26, 16, ''],
      [0, '.', 16, 27, ''],
    ] as const;
    const ids = [50, 70];
    for (const [way, flags, sequence, acknowledgement, payload] of packets) {
      const id = ids[way] ?? 0;
      ids[way] = id + 1;
      const content = {
        id,
        protocol: 'tcp',
        flags,
        sequence,
        acknowledgement,
        payload,
      } as const;
      const legs = lives.map(life => life[way] ?? []);
      // Hop by hop: both packets are at the director at once.
      for (const hop of legs[0]?.keys() ?? [])
        for (const taken of legs) {
          const leg = taken[hop];
          if (leg !== undefined && hop === taken.length - 1 && leg.tunnel !== undefined) {
            rig.send([leg], content);
          } else if (leg !== undefined) rig.cross(leg, content);
        }
    }
    const judgement = rig.judge();
    t.deepEqual(
      judgement.checks.filter(check => check.verdict === 'FAIL'),
      [],
    );
    // Full NAT rewrites all that could tell the two apart: that is said, and nothing else is wrong.
    t.true(judgement.reasons.every(reason => reason.includes('nothing tells which')));
    t.is(judgement.verdict, mode === 'fullnat' ? 'INCONCLUSIVE' : 'PASS');
  },
  title: (_, mode, family) =>
    `${mode}, IP${family}: parallel connections with equal ids, numbers and payloads are told apart`,
});
for (const mode of modes) for (const family of ['v4', 'v6'] as const) test(parallel, mode, family);
