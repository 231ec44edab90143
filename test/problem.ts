import test from 'ava';
import {BrokenLabError, InputError, nearest, wordProblem, type Problem} from '../src/problem.ts';

const words = test.macro((t, problem: Problem, expected: readonly string[]) => {
  t.deepEqual(wordProblem(problem).split('\n'), expected);
});
test(
  'a problem is its place and what, the bad value, the valid ones and the next step',
  words,
  {
    what: 'unknown role in node "rs1"',
    where: 'lan.yaml:3:9',
    value: 'reelServer',
    valid: ['client', 'realServer'],
    next: 'did you mean realServer?',
  },
  [
    'lan.yaml:3:9: unknown role in node "rs1"',
    '  got    reelServer',
    '  valid  client, realServer',
    '  next   did you mean realServer?',
  ],
);
test('a problem without a place says what alone', words, {what: 'which deployment?'}, [
  'which deployment?',
]);
test('an empty list of valid values is not shown', words, {what: 'a', valid: [], next: 'b'}, [
  'a',
  '  next   b',
]);
test('an empty value is shown as such', words, {what: 'a', value: ''}, ['a', '  got    ""']);

test('an error words all its problems and keeps them and its cause', t => {
  const cause = new Error('no such file');
  const error = new InputError([{what: 'one', value: '1'}, {what: 'two'}], cause);
  t.is(error.message, 'one\n  got    1\ntwo');
  t.deepEqual(error.problems, [{what: 'one', value: '1'}, {what: 'two'}]);
  t.is(error.cause, cause);
  t.is(error.name, 'InputError');
});

test('a broken lab is no input error, and one problem needs no list', t => {
  const error = new BrokenLabError({what: 'the guest did not boot'});
  t.false(error instanceof InputError);
  t.is(error.name, 'BrokenLabError');
  t.deepEqual(error.problems, [{what: 'the guest did not boot'}]);
  t.false('cause' in error);
});

const near = test.macro<[string, readonly string[], string | undefined]>({
  exec(t, word, candidates, expected) {
    t.is(nearest(word, candidates), expected);
  },
  title: (title, word, candidates, expected) =>
    title ?? `"${word}" among ${candidates.join(', ')} means ${expected ?? 'nothing'}`,
});
test(near, 'routr', ['client', 'router', 'director'], 'router');
test(near, 'DIRECTOR', ['client', 'director'], 'director');
test(near, 'modes/drr', ['modes/dr', 'modes/nat'], 'modes/dr');
test(near, 'balancer', ['client', 'router'], undefined);
test(near, 'rs3', ['rs1', 'rs2'], 'rs1');
test(
  'a long word may have a mistake in every third letter',
  near,
  'realServrs1x',
  ['realServers12'],
  'realServers12',
);
test(
  'a short word of which no letter is left is no correction',
  near,
  'K9',
  ['C1', 'X2'],
  undefined,
);
test('there is nothing near nothing', near, 'a', [], undefined);
test('an empty word means nothing', near, '', ['rs', 'a'], undefined);
