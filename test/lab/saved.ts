import test from 'ava';
import {planLab} from '../../src/lab/plan.ts';
import {expectationSchema} from '../../src/lab/saved.ts';
import {ownLab, ownModes} from './support/own-lab.ts';

const roundTrip = test.macro({
  async exec(t, name: string) {
    const lab = await ownLab(name);
    for (const counter of [undefined, ...lab.counter]) {
      const {expectation} = planLab(lab, counter);
      const saved: unknown = JSON.parse(JSON.stringify(expectation));
      t.deepEqual(expectationSchema.parse(saved), expectation);
    }
  },
  title: (_, name) => `the expectations of ${name} are read back as they were saved`,
});
for (const name of [...ownModes, 'keepalived/masq']) test(roundTrip, name);

test('what keepalived must do is read back as it was saved', async t => {
  const {health} = planLab(await ownLab('keepalived/health')).expectation;
  const saved = {...(await expectation()), health};
  t.is(health?.changes.length, 2);
  t.deepEqual(expectationSchema.parse(saved).health, health);
});

const expectation = async (): Promise<object> => planLab(await ownLab('modes/dr')).expectation;

test('names beyond those of the topology are kept', async t => {
  const names = {VIP6: '2001:db8::1'};
  t.deepEqual(expectationSchema.parse({...(await expectation()), names}).names, names);
});

const damaged = test.macro(async (t, change: object) => {
  t.true(expectationSchema.safeParse(await expectation()).success);
  t.false(expectationSchema.safeParse({...(await expectation()), ...change}).success);
});
test('an expectation with an unknown key is refused', damaged, {more: 1});
test('an expectation of an unknown family is refused', damaged, {family: 'v5'});
test('an expectation without request hops is refused', damaged, {request: undefined});
test('an expectation with a hop of another form is refused', damaged, {reply: [{ip: 'CIP > VIP'}]});
test('an expectation with an unknown fact is refused', damaged, {facts: [{kind: 'x', proves: []}]});
test('an expectation of fewer than no connections is refused', damaged, {connections: -1});
