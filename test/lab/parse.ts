import test from 'ava';
import {changed, placeOf} from './support/lab-file.ts';
import {refusal} from './support/refusal.ts';

interface Wrong {
  readonly change: readonly [string, string];
  readonly what: string;
  readonly value?: string;
  readonly next: string;
  /** The text at whose place the problem is. */
  readonly at: string;
  readonly valid?: readonly string[];
}

const wrong = test.macro(async (t, {change, what, value, next, at, valid}: Wrong) => {
  const text = changed(...change);
  const [problem, ...more] = await refusal(t, text);
  t.deepEqual(more, []);
  t.is(problem?.what, what);
  t.is(problem?.value, value);
  t.is(problem?.next, next);
  t.is(problem?.where, placeOf(text, at, 'export default'));
  if (valid !== undefined) t.deepEqual(problem?.valid?.slice(0, valid.length), valid);
});
const form = 'src/lab/types.ts has the form';

test('an unknown claim', wrong, {
  change: ["'DR1', 'DR3'", "'DR1', 'DR3', 'DR11'"],
  what: 'unknown value (lab.claims.2)',
  value: 'DR11',
  next: 'did you mean "DR1"?',
  at: 'DR11',
  valid: ['DR1', 'DR2'],
});
test('an unknown cause', wrong, {
  change: ["cause: 'real-server-behind-router'", "cause: 'real-server-behind-routers'"],
  what: 'unknown value (lab.counter.0.cause)',
  value: 'real-server-behind-routers',
  next: 'did you mean "real-server-behind-router"?',
  at: 'real-server-behind-routers',
  valid: ['real-server-answers-arp', 'real-server-behind-router'],
});
test('an unknown key', wrong, {
  change: ['requests: 2', 'requests: 2, tries: 3'],
  what: 'unknown key (lab.traffic)',
  value: 'tries',
  next: form,
  at: 'tries',
});
test('an unknown forwarding method', wrong, {
  change: ["{node: 'rs1', forward: 'droute'}", "{node: 'rs1', forward: 'drute'}"],
  what: 'unknown value (lab.realServers.0.forward)',
  value: 'drute',
  next: 'did you mean "droute"?',
  at: 'drute',
  valid: ['masq', 'droute', 'tunnel', 'fullnat'],
});
test('several unknown keys are told one by one', async t => {
  const text = changed('requests: 2', 'requests: 2, tries: 3, pause: 1');
  const problems = await refusal(t, text);
  t.deepEqual(
    problems.map(({value, where}) => [value, where]),
    ['tries', 'pause'].map(key => [key, placeOf(text, key)]),
  );
});
test('a missing key', wrong, {
  change: ["  title: 'a lab of a user',\n", ''],
  what: 'missing: expected string (lab.title)',
  next: form,
  at: 'export default',
});
test('a number where there must be a text', wrong, {
  change: ["title: 'a lab of a user'", 'title: 7'],
  what: 'expected string (lab.title)',
  value: '7',
  next: form,
  at: '7',
});
test('a port that is none', wrong, {
  change: ['port: 80', 'port: 70000'],
  what: 'Too big: expected number to be <=65535 (lab.service.port)',
  value: '70000',
  next: form,
  at: '70000',
});
test('a sysctl that is neither 0 nor 1', wrong, {
  change: ["setup: {gateway: 'router'},\n  traffic", 'setup: {rpFilter: 2},\n  traffic'],
  what: 'unknown value (lab.setup.rpFilter)',
  value: '2',
  next: form,
  at: '2},',
  valid: ['0', '1'],
});
test('an unknown kind of fact', wrong, {
  change: ["kind: 'gateway'", "kind: 'gatway'"],
  what: 'unknown value (lab.expect.facts.0.kind)',
  value: 'gatway',
  next: 'did you mean "gateway"?',
  at: 'gatway',
  valid: ['only-in-network'],
});
test('no requests at all', wrong, {
  change: ['requests: 2', 'requests: 0'],
  what: 'Too small: expected number to be >=1 (lab.traffic.requests)',
  value: '0',
  next: form,
  at: '0}),',
});

test('a spec that is no object is refused', async t => {
  const problems = await refusal(t, "import {lab} from 'lvslab';\nexport default lab('dr');\n");
  t.deepEqual(
    problems.map(({what, value, where}) => ({what, value, where})),
    [{what: 'expected object (lab)', value: 'dr', where: '2:21'}],
  );
});
