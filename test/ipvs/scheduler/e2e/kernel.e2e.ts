import test from 'ava';
import {usualKernel} from '../../../../src/ipvs/scheduler/kernel.ts';
import {cases, thresholdEdits, type Case} from './support/cases.ts';
import {startGuest} from './support/guest.ts';
import {lifeOf, lifeScript, livesOf} from './support/life.ts';
import {modelled, seen} from './support/outcome.ts';
import {scriptOf} from './support/script.ts';

/** Kernels to compare with: `LVSLAB_TEST_KERNELS=5.10,6.1`. */
const kernels = (process.env['LVSLAB_TEST_KERNELS'] ?? '6.1').split(',');
/** Entries in SYN_RECV expire after 60 s, and the counts with them. */
const seconds = 50;
/** So many cases go in one script. */
const together = 12;
const end = '+++++';
/** Dynamic schedulers whose choices follow the whole life of connections. */
const lively = ['lc', 'wlc', 'sed', 'nq', 'ovf', 'wrr'];

for (const kernel of kernels) {
  const edits = thresholdEdits();
  const all = cases();
  const lives = lively.map((scheduler, i) => lifeOf(scheduler, 7001 + i));
  const lifeOutputs: string[] = [];
  const outputs = new Map<Case, string>();

  test.serial.before(`the cases run on ${kernel}`, async t => {
    t.timeout(900_000);
    const guest = await startGuest(kernel);
    try {
      t.log(await guest.run('uname -r'));
      for (const life of lives) lifeOutputs.push(await guest.drive(lifeScript(life)));
      for (let i = 0; i <= all.length; i += together) {
        const some = [edits, ...all].slice(i, i + together);
        const output = await guest.drive(
          some.map(one => `${scriptOf(one)}\necho ${end}`).join('\n'),
        );
        const parts = output.split(end);
        some.forEach((one, index) => outputs.set(one, (parts[index] ?? '').trimStart()));
      }
    } finally {
      await guest.close();
    }
  });

  for (const one of all)
    test(`${kernel} chooses as the model does: ${one.title}`, t => {
      const model = modelled(one);
      const actual = seen(one, outputs.get(one) ?? '');
      t.true(actual.seconds < seconds, 'the machine was too slow: entries have expired');
      t.true(new Set(model.choices.values()).size > 1);
      t.deepEqual(actual.choices, model.choices);
      t.deepEqual(actual.counts, model.counts);
    });

  lives.forEach((life, i) =>
    test(`${kernel} chooses as the model does while connections come and go: ${lively[i]}`, t => {
      const {model, kernel: actual} = livesOf(life, lifeOutputs[i] ?? '');
      t.true(model.length > 10);
      t.deepEqual(actual, model);
    }),
  );

  test(`${kernel} treats edited thresholds by one of the two rules`, t => {
    const actual = seen(edits, outputs.get(edits) ?? '');
    const followed = (['raised', 'recomputed'] as const).filter(overloadOnEdit => {
      const model = modelled(edits, {...usualKernel, overloadOnEdit});
      return [...model.choices].every(([client, server]) => actual.choices.get(client) === server);
    });
    t.log(followed);
    t.is(followed.length, 1);
  });
}
