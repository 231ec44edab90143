import test from 'ava';
import {goodRun} from '../support/good-run.ts';
import {legsOf} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

/** The client of the last connection gives up by its own clock, and resets what comes after. */
function giveUp(request: {readonly status: number; readonly answeredBy: string}): Rig {
  const rig = goodRun('dr');
  const last = rig.requests.pop();
  if (last !== undefined)
    rig.requests.push({...last, ...request, exitCode: 28, answered: request.status === 200});
  rig.send(legsOf(rig.route('rs2', 40_003), 'request'), {
    id: 0,
    protocol: 'tcp',
    flags: 'R',
    sequence: 280_033,
  });
  rig.restate(40_003, 'CLOSE');
  return rig;
}

test('a client whose time ran out in the middle of an answer makes the run inconclusive', t => {
  for (const answeredBy of ['rs2', '']) {
    const {verdict, reasons} = giveUp({status: 200, answeredBy}).judge();
    t.is(verdict, 'INCONCLUSIVE');
    t.deepEqual(reasons, ["connection 4: its client's time ran out in the middle of the answer"]);
  }
});

test('a client that got no answer at all fails the run', t => {
  t.is(giveUp({status: 0, answeredBy: ''}).judge().verdict, 'FAIL');
});

test('an answer of another real server fails the run, although the time ran out', t => {
  t.is(giveUp({status: 200, answeredBy: 'rs1'}).judge().verdict, 'FAIL');
});

test('a packet that takes a wrong way fails the run, although the time ran out', t => {
  const rig = giveUp({status: 200, answeredBy: 'rs2'});
  const [first, ...others] = legsOf(rig.route('rs2', 40_003), 'request');
  if (first !== undefined)
    rig.send([first, ...others.slice(0, -1)], {
      id: 900,
      protocol: 'tcp',
      flags: '.',
      sequence: 280_033,
    });
  t.is(rig.judge().verdict, 'FAIL');
});
