import test from 'ava';
import {ftpRun, type Helper} from '../support/ftp-run.ts';
import type {Rig} from '../support/rig.ts';

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

const fields = (rig: Rig): readonly string[] => [
  ...new Set(rig.judge().checks.flatMap(({failures}) => failures.map(({field}) => field))),
];

test('sessions whose answers are rewritten and whose numbers are moved pass', t => {
  const judgement = ftpRun().judge();
  t.is(judgement.verdict, 'PASS', JSON.stringify(judgement, undefined, 1));
  const data = judgement.checks.filter(({id}) => id.startsWith('data.'));
  t.true(data.length >= 10);
  t.true(data.every(({judged}) => judged > 0));
});

const wrong = test.macro({
  exec(t, helper: Helper, ...ids: readonly string[]) {
    const rig = ftpRun(helper);
    t.is(rig.judge().verdict, 'FAIL');
    for (const id of ids) t.true(failed(rig).includes(id), failed(rig).join(' '));
  },
  title: (name = '') => `${name} fails`,
});
test(
  'an answer that names the real server',
  wrong,
  {answer: '227 Entering Passive Mode (203,0,113,21,180,165).\r\n', growth: 0},
  'reply.2',
);
test(
  'an answer that names the VIP with another port',
  wrong,
  {answer: '227 Entering Passive Mode (198,51,100,80,180,164).\r\n'},
  'reply.2',
);
test(
  'an answer whose words are others',
  wrong,
  {answer: '227 Entering passive Mode (198,51,100,80,180,165).\r\n'},
  'reply.2',
);
test(
  'numbers that are not moved behind a longer answer',
  wrong,
  {growth: 0},
  'reply.2',
  'request.3',
);
test('numbers that are moved too far', wrong, {growth: 2}, 'reply.2', 'request.3');
test('a data connection at another real server', wrong, {data: 'rs2'}, 'data.request.3');
test('a data connection without an entry', wrong, {noEntry: true}, 'data.entries');

test('a data connection whose entry is in another state than its packets say fails', t => {
  const rig = ftpRun();
  rig.restate(40_001, 'LISTEN');
  t.deepEqual(failed(rig), ['data.entries']);
});

test('data beside what the answer says is a change of the payload alone', t => {
  t.true(
    fields(ftpRun({answer: '227 Entering Passive Mode (198,51,100,80,180,164).\r\n'}, 1)).includes(
      'payload',
    ),
  );
});

test('a transfer that was not announced is a stray, and one that is missing is counted', t => {
  const rig = ftpRun();
  rig.expectation = {
    ...rig.expectation,
    ...(rig.expectation.ftp === undefined ? {} : {ftp: {...rig.expectation.ftp, transfers: 3}}),
  };
  t.deepEqual(failed(rig), ['data.connections']);
  const other = ftpRun();
  const {ftp, ...rest} = other.expectation;
  t.not(ftp, undefined);
  other.expectation = rest;
  t.true(failed(other).includes('strays'));
});

test('another command than the lab names fails', t => {
  const rig = ftpRun();
  const {ftp} = rig.expectation;
  if (ftp === undefined) throw new Error('no ftp');
  rig.expectation = {...rig.expectation, ftp: {...ftp, command: 'EPSV'}};
  t.true(failed(rig).includes('data.connections'));
});

const causes = test.macro((t, rig: Rig, found: boolean) => {
  t.is(
    rig.judge().diagnoses.some(({cause}) => cause === 'no-ftp-helper'),
    found,
  );
});
test(
  'a client that is told of the real server is the cause',
  causes,
  ftpRun({answer: '227 Entering Passive Mode (203,0,113,21,180,165).\r\n', growth: 0}, 1),
  true,
);
test(
  'a data connection elsewhere tells nothing of the helper',
  causes,
  ftpRun({data: 'rs2'}),
  false,
);
