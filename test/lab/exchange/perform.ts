import test from 'ava';
import sloppy from '../../../labs/sysctls/sloppy-tcp.ts';
import {performExchange} from '../../../src/lab/exchange/perform.ts';
import {planExchange} from '../../../src/lab/exchange/plan.ts';
import type {NodeShell} from '../../../src/nodes/types.ts';
import {BrokenLabError} from '../../../src/problem.ts';
import {exchangeOf} from '../../support/exchange-rig.ts';

const plan = planExchange(exchangeOf(sloppy.spec));
const listing = (entries: string): string =>
  `IPVS connection entries\npro expire state       source             virtual            destination\n${entries}`;

/** Shells that answer by the script, and note what each node was told. */
function shells(answer: (script: string) => readonly [exitCode: number, stdout: string]) {
  const told: string[] = [];
  const shellOf = (node: string): NodeShell => ({
    node,
    run(script) {
      told.push(`${node}: ${script}`);
      const [exitCode, stdout] = answer(script);
      return Promise.resolve({exitCode, stdout: Buffer.from(stdout), stderr: 'said'});
    },
    close: () => Promise.resolve(),
  });
  return {told, shellOf};
}
const well = (script: string): readonly [number, string] =>
  script.includes('want ')
    ? [0, 'seen\n']
    : script.includes('send ')
      ? [0, 'sent 1\n']
      : script.includes('ipvsadm -Lnc')
        ? [0, listing('')]
        : [0, ''];

test('each step is done when all of the one before has come to its end, and what a node said is kept', async t => {
  const {told, shellOf} = shells(well);
  const {texts, events} = await performExchange(plan, shellOf);
  const kinds = told.map(line => {
    const word = /send |want |ipvsadm -Lnc|printf '%s = |sloppy_tcp/.exec(line)?.[0] ?? '';
    return `${line.split(':')[0]} ${word.trim()}`;
  });
  t.deepEqual(kinds, [
    "director printf '%s =",
    'client send',
    'director want',
    'client want',
    'director ipvsadm -Lnc',
    'director sloppy_tcp',
    "director printf '%s =",
    'client send',
    'rs1 want',
    'director ipvsadm -Lnc',
    'rs1 send',
    'client want',
  ]);
  t.deepEqual(events, []);
  t.deepEqual(
    texts.flatMap(one => Object.keys(one.texts)),
    ['step-0-sysctls', 'step-2-entries', 'step-3-sysctls', 'step-5-entries'],
  );
});

test('what does not come is data: the captures tell of it', async t => {
  const {shellOf} = shells(script =>
    script.includes('want ') ? [0, 'late\neth0\n'] : well(script),
  );
  await t.notThrowsAsync(performExchange(plan, shellOf));
});

test('after a packet that did not come the next ones are waited for a fifth as long', async t => {
  const {told, shellOf} = shells(script =>
    script.includes('want ') ? [0, 'late\neth0\n'] : well(script),
  );
  await performExchange(plan, shellOf);
  const [first = 0, ...later] = told.flatMap(line =>
    [...line.matchAll(/within ([\d.]+)/g)].map(([, seconds]) => Number(seconds)),
  );
  t.true(later.length > 0);
  t.deepEqual(new Set(later.slice(1)), new Set([first / 5]));
});

const broken = test.macro(
  async (t, words: string, answer: readonly [number, string], what: RegExp) => {
    const {shellOf} = shells(script => (script.includes(words) ? answer : well(script)));
    const error = await t.throwsAsync(performExchange(plan, shellOf), {instanceOf: BrokenLabError});
    t.regex(error.message, what);
  },
);
test('a frame that cannot be sent', broken, 'send ', [1, ''], /could not send its frames/);
test('captures that cannot be read', broken, 'want ', [1, ''], /could not be watched/);
