import test from 'ava';
import {goodRun} from '../support/good-run.ts';
import {legsOf, modes} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

/** The sequence number after the client's FIN in the good run's last connection, and the server's. */
const ends = {client: 280_033, server: 780_045};

/** The server acknowledges the client's FIN once more, and the client, whose socket is gone, answers with an RST. */
function addLateReset(rig: Rig, reset: {readonly sequence: number; readonly late: boolean}): Rig {
  const route = rig.route('rs2', 40_003);
  if (reset.late)
    rig.send(legsOf(route, 'reply'), {
      id: 0,
      protocol: 'tcp',
      flags: '.',
      sequence: ends.server,
      acknowledgement: ends.client,
    });
  rig.send(legsOf(route, 'request'), {
    id: 0,
    protocol: 'tcp',
    flags: 'R',
    sequence: reset.sequence,
  });
  return rig;
}

for (const mode of modes)
  test(`${mode}: an RST that answers a segment after the end of the connection passes`, t => {
    const {verdict, checks} = addLateReset(goodRun(mode), {
      sequence: ends.client,
      late: true,
    }).judge();
    t.deepEqual(
      checks.filter(check => check.verdict !== 'PASS'),
      [],
    );
    t.is(verdict, 'PASS');
  });

const refused = test.macro((t, reset: {readonly sequence: number; readonly late: boolean}) => {
  const {verdict, checks} = addLateReset(goodRun('dr'), reset).judge();
  t.is(verdict, 'FAIL');
  const complete = checks.find(({id}) => id === 'complete');
  t.regex(JSON.stringify(complete?.failures), /RST from client/);
});
test('an RST that answers nothing fails', refused, {sequence: ends.client, late: false});
test('an RST with another sequence number fails', refused, {
  sequence: ends.client - 1,
  late: true,
});
