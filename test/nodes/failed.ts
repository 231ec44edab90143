import test from 'ava';
import {commandFailed, stepFailed, timeSaid} from '../../src/nodes/failed.ts';

const result = (exitCode: number, stdout: string, stderr = '') => ({
  exitCode,
  stdout: Buffer.from(stdout),
  stderr,
});

test('a command that failed says where, with which exit code and what it printed', t => {
  const {problems} = commandFailed('rs1', 'rs1 could not listen', result(2, '', 'in use\n'));
  t.deepEqual(problems, [
    {
      what: 'rs1 could not listen',
      where: 'rs1',
      value: 'exit code 2: in use',
      next: 'run the lab again',
    },
  ]);
});

test('a step that failed names its node, and the lab may be wrong', t => {
  const [problem] = stepFailed('d1', 'its table could not be watched', result(1, '')).problems;
  t.is(problem?.what, 'node "d1": its table could not be watched');
  t.is(problem?.next, 'run the lab again, or correct it');
});

test('a time is taken from a command that succeeded', t =>
  t.is(timeSaid('d1', 'no time', result(0, '1764190000000000000\n')), '1764190000000000000'));

const noTime = test.macro((t, exitCode: number, stdout: string) => {
  const error = t.throws(() => timeSaid('d1', 'no time', result(exitCode, stdout)));
  t.true(error?.message.includes('node "d1": no time'));
});
test('a time of a command that failed is none', noTime, 1, '1764190000000000000\n');
test('what is no number is no time', noTime, 0, '12 s\n');
