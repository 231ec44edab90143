import test from 'ava';
import {smallRun} from '../support/good-run.ts';
import type {Mode} from '../support/legs.ts';

/** Bytes of the outer packet that the kernel is free to choose, by their place in the frame. */
const free: Readonly<Record<string, readonly number[]>> = {
  dr: [],
  nat: [],
  fullnat: [],
  ipip: [],
  gre: [],
  gue: [],
};

const spoilt = test.macro({
  exec(t, mode: Mode, place: string, sender: string) {
    const good = smallRun(mode);
    const number = good.find(place, '[P.]');
    const bytes = good.bytesAt(place, number);
    const passed = [...bytes.keys()].filter(at => {
      const rig = smallRun(mode);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x11;
      for (const where of [place, sender]) {
        const found = (rig.frames.get(where) ?? []).find(frame =>
          Buffer.from(frame.bytes).equals(bytes),
        );
        if (found !== undefined) rig.replace(where, found.number, flipped);
      }
      return rig.judge().verdict === 'PASS';
    });
    t.deepEqual(passed, [...(free[mode] ?? [])]);
  },
  title: (_, mode, place) => `${mode}: no byte of a frame at ${place} can change without a failure`,
});
test(spoilt, 'dr', 'rs1 eth0', 'director eth0');
test(spoilt, 'nat', 'director eth1', 'rs1 eth0');
test(spoilt, 'fullnat', 'director eth0', 'router eth1');
test(spoilt, 'ipip', 'rs1 eth0', 'router eth2');
test(spoilt, 'gre', 'rs1 eth0', 'router eth2');
test(spoilt, 'gue', 'rs1 eth0', 'router eth2');
test(spoilt, 'dr', 'client eth0', 'router eth0');

const spoiltAtOneEnd = test.macro({
  exec(t, mode: Mode, place: string) {
    const good = smallRun(mode);
    const number = good.find(place, '[P.]');
    const bytes = good.bytesAt(place, number);
    for (const at of bytes.keys()) {
      const rig = smallRun(mode);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x11;
      rig.replace(place, number, flipped);
      t.not(rig.judge().verdict, 'PASS', `byte ${at}`);
    }
  },
  title: (_, mode, place) => `${mode}: no byte at ${place} can differ from what the other end saw`,
});
test(spoiltAtOneEnd, 'dr', 'rs1 eth0');
test(spoiltAtOneEnd, 'nat', 'client eth0');
test(spoiltAtOneEnd, 'gue', 'router eth2');
