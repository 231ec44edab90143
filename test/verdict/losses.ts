import test from 'ava';
import {sightingsOf} from '../../src/trace/essence.ts';
import {traceRun} from '../../src/trace/run.ts';
import type {Verdict} from '../../src/verdict/types.ts';
import {goodRun, smallRun} from '../support/good-run.ts';
import {modes, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

const isolated = test.macro({
  exec(t, mode: Mode) {
    const places = [...smallRun(mode).frames];
    for (const [place, frames] of places.filter(([name]) => !/tunl0|gre0/.test(name)))
      for (const {number, bytes} of frames) {
        const rig = smallRun(mode);
        // ARP frames are judged only where a fact is about them.
        if (bytes[12] === 0x08 && bytes[13] === 0x06) continue;
        rig.remove(place, number);
        const {verdict, reasons} = rig.judge();
        t.is(verdict, 'INCONCLUSIVE', `frame ${number} of ${place}`);
        t.regex(reasons.join('; '), new RegExp(`frame \\d+, .* was not seen at ${place}`));
      }
  },
  title: (_, mode) =>
    `${mode}: any frame that one interface alone missed makes the run INCONCLUSIVE and is named`,
});
for (const mode of modes) test(isolated, mode);

const vanished = test.macro({
  exec(t, mode: Mode, what: 'path' | 'hop') {
    const good = smallRun(mode);
    const paths = traceRun(good.topology, good.captures()).flows.flatMap(flow => flow.paths);
    t.is(paths.length, mode === 'fullnat' ? 20 : 10);
    const losses = paths.flatMap(path =>
      what === 'path' ? [path.crossings] : path.crossings.map(crossing => [crossing]),
    );
    const verdicts = losses.map(crossings => {
      const rig = smallRun(mode);
      // From the last to the first, so that numbers stay right.
      const seen = crossings
        .flatMap(sightingsOf)
        .toSorted((a, b) => b.frame.number - a.frame.number);
      for (const sighting of seen)
        rig.remove(`${sighting.node} ${sighting.interface}`, sighting.frame.number);
      return rig.judge().verdict;
    });
    // No trace is left of a server's first bare ACK: nothing answers it, and the IP id before it is another counter's.
    const silent = what === 'path' ? verdicts.filter((_, i) => i % 10 === 4) : [];
    t.true(silent.every(verdict => verdict === 'PASS'));
    t.is(verdicts.filter(verdict => verdict === 'PASS').length, silent.length, verdicts.join(' '));
  },
  title: (_, mode, what) =>
    `${mode}: a ${what} that all captures miss, in files and counts, never passes`,
});
for (const mode of modes) {
  test(vanished, mode, 'path');
  test(vanished, mode, 'hop');
}

test('IP ids that end just before 0 leave no gap to the 0 of the SYN-ACK', t => {
  const rig = goodRun('dr');
  rig.connect('rs1', 40_004, undefined, 65_531);
  const {verdict, reasons} = rig.judge();
  t.deepEqual(reasons, []);
  t.is(verdict, 'PASS');
});

const doubtful = test.macro({
  exec(t, spoil: (rig: Rig) => void, verdict: Verdict, reason: RegExp) {
    const rig = goodRun('dr');
    spoil(rig);
    const judgement = rig.judge();
    t.is(judgement.verdict, verdict);
    const said =
      verdict === 'FAIL'
        ? judgement.checks.flatMap(({failures}) => failures.map(({actual}) => actual))
        : judgement.reasons;
    t.regex(said.join('; '), reason);
    t.true(judgement.claims.every(claim => claim.verdict === 'INCONCLUSIVE' || verdict === 'FAIL'));
  },
  title: (name, _, verdict) => `${name ?? ''} is ${verdict}`,
});
test(
  'a capture that was not ready',
  doubtful,
  rig => void (rig.record('rs2 eth0').ready = false),
  'INCONCLUSIVE',
  /rs2 eth0: was not ready/,
);
test(
  'a capture that was not flushed',
  doubtful,
  rig => void (rig.record('rs2 eth0').flushed = false),
  'INCONCLUSIVE',
  /rs2 eth0: was not flushed/,
);
test(
  'a packet dropped by the kernel',
  doubtful,
  rig => void (rig.record('client eth0').droppedByKernel = 1),
  'INCONCLUSIVE',
  /client eth0: 1 packets dropped by kernel/,
);
test(
  'a packet dropped by the interface',
  doubtful,
  rig => void (rig.record('client eth0').droppedByInterface = 2),
  'INCONCLUSIVE',
  /2 packets dropped by interface/,
);
test(
  'a file with fewer frames than were captured',
  doubtful,
  rig => void (rig.record('router eth1').captured += 1),
  'INCONCLUSIVE',
  /holds \d+ of \d+ captured frames/,
);
test(
  'a file with more frames than were captured',
  doubtful,
  rig => void (rig.record('router eth1').captured -= 1),
  'INCONCLUSIVE',
  /tcpdump captured/,
);
test(
  'a doubt of the live half',
  doubtful,
  rig => void rig.doubts.push('the clock jumped'),
  'INCONCLUSIVE',
  /the clock jumped/,
);
test(
  'an interface without a capture',
  doubtful,
  rig => void rig.frames.delete('rs2 eth0'),
  'INCONCLUSIVE',
  /rs2 eth0 was not captured/,
);
test(
  'a cut frame',
  doubtful,
  rig => {
    const list = rig.frames.get('client eth0') ?? [];
    rig.frames.set(
      'client eth0',
      list.map(frame => ({...frame, originalLength: frame.originalLength + 1})),
    );
  },
  'INCONCLUSIVE',
  /client eth0: \d+ frames are cut, the first is frame 1/,
);
test(
  'an oops',
  doubtful,
  rig => void rig.kernelTrouble.push('Oops: 0000 [#1] SMP'),
  'FAIL',
  /Oops: 0000/,
);
test(
  'an oops in a lossy run',
  doubtful,
  rig => {
    rig.kernelTrouble.push('Oops: 0000 [#1] SMP');
    rig.record('rs2 eth0').ready = false;
  },
  'FAIL',
  /Oops: 0000/,
);

test('a fault in a lossy run is INCONCLUSIVE, and its failures can still be read', t => {
  const rig = goodRun('dr');
  rig.alter(['rs1 eth0'], rig.find('rs1 eth0', '[S]'), {ttl: 9});
  rig.record('rs2 eth0').droppedByKernel = 1;
  const judgement = rig.judge();
  t.is(judgement.verdict, 'INCONCLUSIVE');
  t.true(
    judgement.checks.some(
      ({verdict, failures}) => verdict === 'INCONCLUSIVE' && failures.length > 0,
    ),
  );
});

test('a short run is good before it is spoilt', t => {
  for (const mode of modes) t.is(smallRun(mode).judge().verdict, 'PASS', mode);
});
