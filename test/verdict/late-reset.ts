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
  rig.restate(40_003, 'CLOSE');
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

/** The server's FIN comes once more: its acknowledgement took long. */
function addLateFin(rig: Rig, fin: {readonly sequence: number}): Rig {
  const route = rig.route('rs2', 40_003);
  rig.time += 200_000_000n; // RFC 6298: by a timer, of which Linux's shortest is this
  rig.send(legsOf(route, 'reply'), {
    id: 0,
    protocol: 'tcp',
    flags: 'F.',
    sequence: fin.sequence,
    acknowledgement: ends.client - 1,
  });
  rig.send(legsOf(route, 'request'), {
    id: 0,
    protocol: 'tcp',
    flags: 'R',
    sequence: ends.client - 1,
  });
  rig.restate(40_003, 'CLOSE');
  return rig;
}

test('an RST that answers a FIN which comes once more passes', t => {
  const {verdict, checks} = addLateFin(goodRun('dr'), {sequence: ends.server - 1}).judge();
  t.deepEqual(
    checks.filter(check => check.verdict !== 'PASS'),
    [],
  );
  t.is(verdict, 'PASS');
});

test('an RST that answers another FIN fails', t => {
  t.is(addLateFin(goodRun('dr'), {sequence: ends.server}).judge().verdict, 'FAIL');
});

/** The client's ACK of the server's FIN is overtaken by its own FIN, and comes to a server that is gone. */
function overtaken(withAck: boolean): Rig {
  const rig = goodRun('dr');
  const route = rig.route('rs2', 40_003);
  if (withAck)
    rig.send(legsOf(route, 'request'), {
      id: 105,
      protocol: 'tcp',
      flags: '.',
      sequence: ends.client - 1,
      acknowledgement: ends.server,
    });
  rig.send(legsOf(route, 'reply'), {id: 0, protocol: 'tcp', flags: 'R', sequence: ends.server});
  // The server's last ACK, sent before, comes to the client after the RST, which has ended its socket.
  rig.send(legsOf(route, 'reply'), {
    id: 304,
    protocol: 'tcp',
    flags: '.',
    sequence: ends.server,
    acknowledgement: ends.client,
  });
  rig.send(legsOf(route, 'request'), {id: 0, protocol: 'tcp', flags: 'R', sequence: ends.client});
  rig.restate(40_003, 'CLOSE');
  return rig;
}

test('RSTs of both ends pass when an ACK was overtaken by the FIN after it', t => {
  const {verdict, checks} = overtaken(true).judge();
  t.deepEqual(
    checks.filter(check => check.verdict !== 'PASS'),
    [],
  );
  t.is(verdict, 'PASS');
});

test('the RST of one end excuses no RST of the other that answers nothing', t => {
  const {verdict, checks} = overtaken(false).judge();
  t.is(verdict, 'FAIL');
  const complete = checks.find(({id}) => id === 'complete');
  t.regex(JSON.stringify(complete?.failures), /RST from rs2/);
});

test('an entry that an RST ended may be gone; one of another connection may not', t => {
  const without = (rig: Rig, port: number): Rig => {
    rig.drop('director', 'ipvsadm-Lnc', `:${port} `);
    return rig;
  };
  const run = (): Rig => addLateReset(goodRun('dr'), {sequence: ends.client, late: true});
  t.is(without(run(), 40_003).judge().verdict, 'PASS');
  t.is(without(run(), 40_002).judge().verdict, 'FAIL');
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
