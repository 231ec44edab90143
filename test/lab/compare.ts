import test from 'ava';
import {judgeComparison, type Compared} from '../../src/lab/compare.ts';
import type {Measured, Verdict} from '../../src/verdict/types.ts';
import {ownComparison, ownLab, ownModes} from './support/own-lab.ts';

type Bytes = Measured['nodes'][string];
type Name = (typeof ownModes)[number];

/** 1000 bytes of requests, 9000 of replies; with DR and TUN no reply at the director. */
const client: Bytes = {requestIn: 0, requestOut: 1000, replyIn: 9000, replyOut: 0};
const twoWays: Bytes = {requestIn: 1000, requestOut: 1000, replyIn: 9000, replyOut: 9000};
const oneWay: Bytes = {requestIn: 1000, requestOut: 1000, replyIn: 0, replyOut: 0};
const director: Readonly<Record<Name, Bytes>> = {
  'modes/nat': twoWays,
  'modes/dr': oneWay,
  // The tunnel adds its header on the way out.
  'modes/tun': {...oneWay, requestOut: 1020},
  'modes/fullnat': twoWays,
};

const compared = async (
  name: Name,
  change: Partial<Record<'client' | 'director', Partial<Bytes>>> = {},
): Promise<Compared> => ({
  lab: await ownLab(name),
  verdict: 'PASS',
  measured: {
    nodes: {
      client: {...client, ...change.client},
      director: {...director[name], ...change.director},
    },
  },
});

test('the four methods as they are compare well, a check a method', async t => {
  const all = await Promise.all(ownModes.map(name => compared(name)));
  const {verdict, reasons, checks} = judgeComparison(await ownComparison(), all);
  t.is(verdict, 'PASS');
  t.deepEqual(reasons, []);
  t.deepEqual(
    checks.map(({id, judged, proves}) => [id, judged, proves.join(' ')]),
    ['masq', 'droute', 'tunnel', 'fullnat'].map(method => [`compare.${method}`, 1, 'C1 NAT6']),
  );
});

const off = test.macro({
  async exec(t, name: Name, node: 'client' | 'director', field: keyof Bytes, by: number) {
    const before = node === 'client' ? client : director[name];
    const all = await Promise.all(
      ownModes.map(one =>
        compared(one, one === name ? {[node]: {[field]: before[field] + by}} : {}),
      ),
    );
    const {verdict, checks} = judgeComparison(await ownComparison(), all);
    t.is(verdict, 'FAIL');
    const failed = checks.filter(check => check.verdict === 'FAIL');
    t.deepEqual(
      failed.map(({title}) => title.split(':')[0]),
      [name],
    );
    for (const {expected, actual, place} of failed.flatMap(({failures}) => failures)) {
      t.not(expected, actual);
      t.is(place, 'director');
    }
  },
  title: (_, name, node, field, by) => `${name} fails with ${field} of the ${node} off by ${by}`,
});
for (const name of ownModes) {
  test(off, name, 'director', 'requestIn', 1);
  test(off, name, 'director', 'requestIn', -1);
  test(off, name, 'director', 'replyIn', 1);
  test(off, name, 'director', 'replyOut', 1);
  test(off, name, 'client', 'requestOut', 1);
}
for (const name of ['modes/nat', 'modes/fullnat'] as const) {
  test(off, name, 'director', 'replyIn', -1);
  test(off, name, 'director', 'replyOut', -1);
  test(off, name, 'client', 'replyIn', 1);
}

const nothing = test.macro(async (t, measured: Measured | undefined) => {
  const all = await Promise.all(ownModes.map(name => compared(name)));
  const [first, ...others] = all;
  if (first === undefined) return t.fail();
  const {verdict, checks} = judgeComparison(await ownComparison(), [
    {...first, measured},
    ...others,
  ]);
  t.is(verdict, 'FAIL');
  t.deepEqual(
    checks[0]?.failures.map(({field}) => field),
    ['bytes measured'],
  );
});
const zero: Bytes = {requestIn: 0, requestOut: 0, replyIn: 0, replyOut: 0};
test('a lab of which nothing was measured is no good comparison', nothing, undefined);
test('a lab in which no byte flowed is no good comparison', nothing, {
  nodes: {client: zero, director: zero},
});

for (const verdict of ['FAIL', 'ERROR', 'INCONCLUSIVE'] as const)
  test(`a lab that is ${verdict} makes the comparison INCONCLUSIVE, and is named`, async t => {
    const all = await Promise.all(ownModes.map(name => compared(name)));
    const result = judgeComparison(
      await ownComparison(),
      all.map(one => (one.lab.name === 'modes/tun' ? {...one, verdict} : one)),
    );
    t.is(result.verdict, 'INCONCLUSIVE');
    t.deepEqual(result.reasons, [`modes/tun did not pass: ${verdict}`]);
    t.deepEqual(result.checks, []);
  });

test('a lab that was skipped makes the comparison SKIP, unless another one has worse', async t => {
  const all = await Promise.all(ownModes.map(name => compared(name)));
  const judged = async (tun: Verdict, nat: Verdict) =>
    judgeComparison(
      await ownComparison(),
      all.map(one => {
        if (one.lab.name === 'modes/tun') return {...one, verdict: tun};
        return one.lab.name === 'modes/nat' ? {...one, verdict: nat} : one;
      }),
    ).verdict;
  t.is(await judged('SKIP', 'PASS'), 'SKIP');
  t.is(await judged('SKIP', 'SKIP'), 'SKIP');
  t.is(await judged('SKIP', 'FAIL'), 'INCONCLUSIVE');
});

test('a lab that was not run makes the comparison INCONCLUSIVE', async t => {
  const all = await Promise.all(ownModes.slice(1).map(name => compared(name)));
  const {verdict, reasons} = judgeComparison(await ownComparison(), all);
  t.is(verdict, 'INCONCLUSIVE');
  t.deepEqual(reasons, ['modes/nat did not pass: not run']);
});
