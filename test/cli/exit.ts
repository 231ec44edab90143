import {CommanderError} from 'commander';
import test from 'ava';
import {bisectCode, exitCodeOf, reportError} from '../../src/cli/exit.ts';
import {BrokenLabError, InputError} from '../../src/problem.ts';
import type {Verdict} from '../../src/verdict/types.ts';

const code = test.macro<[readonly Verdict[], number]>({
  exec(t, verdicts, expected) {
    t.is(exitCodeOf(verdicts), expected);
    t.is(exitCodeOf(verdicts.toReversed()), expected);
  },
  title: (_, verdicts, expected) => `${verdicts.join(' and ')} give exit code ${expected}`,
});
test(code, ['PASS'], 0);
test(code, ['PASS', 'PASS'], 0);
test(code, ['FAIL'], 1);
test(code, ['PASS', 'FAIL'], 1);
test(code, ['ERROR', 'FAIL', 'INCONCLUSIVE', 'SKIP'], 1);
test(code, ['INCONCLUSIVE'], 3);
test(code, ['ERROR'], 3);
test(code, ['PASS', 'INCONCLUSIVE'], 3);
test(code, ['PASS', 'ERROR'], 3);
test(code, ['SKIP', 'INCONCLUSIVE'], 3);
test(code, ['SKIP'], 4);
test(code, ['SKIP', 'SKIP'], 4);
test(code, ['SKIP', 'PASS'], 0);

const bisects = test.macro((t, given: number, expected: number) => {
  t.is(bisectCode(given), expected);
});
test('a pass is a good commit', bisects, 0, 0);
test('a failure is a bad commit', bisects, 1, 1);
test('bad input ends the bisection: no commit is to blame', bisects, 2, 128);
test('an error or an inconclusive run leaves the commit out', bisects, 3, 125);
test('a kernel that lacks what the lab needs leaves the commit out', bisects, 4, 125);

const reports = test.macro((t, error: unknown, expected: number, says: RegExp) => {
  const said: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
  const given = reportError(error);
  process.stderr.write = write;
  t.is(given, expected);
  t.regex(said.join(''), says);
});
test.serial(
  'bad input gives 2 and its message alone',
  reports,
  new InputError({what: 'no such lab', value: 'x'}),
  2,
  /^no such lab\n {2}got {4}x\n$/,
);
test.serial(
  'a broken lab gives 3 and says ERROR',
  reports,
  new BrokenLabError({what: 'the guest did not boot'}),
  3,
  /^ERROR {2}the guest did not boot\n$/,
);
test.serial(
  'a fault of lvslab itself gives 3 and its stack',
  reports,
  new TypeError('x is undefined'),
  3,
  /^ERROR {2}lvslab itself failed: TypeError: x is undefined\n +at /,
);
test.serial('what is thrown and no error gives 3', reports, 'words', 3, /itself failed: words\n$/);
test.serial(
  'help that was asked for gives 0 and no more',
  reports,
  new CommanderError(0, 'commander.help', ''),
  0,
  /^$/,
);
test.serial(
  'help that was not asked for gives 2',
  reports,
  new CommanderError(1, 'commander.help', ''),
  2,
  /^$/,
);
