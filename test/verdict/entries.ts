import test from 'ava';
import {goodRun} from '../support/good-run.ts';
import {legsOf, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

const entriesOf = (rig: Rig) => rig.judge().checks.find(({id}) => id === 'entries');
const edited = (rig: Rig, change: (text: string) => string): Rig => {
  rig.texts.set('director ipvsadm-Lnc', change(rig.texts.get('director ipvsadm-Lnc') ?? ''));
  return rig;
};

const states = test.macro({
  exec(t, mode: Mode, protocol: 'tcp' | 'udp', instead: string, wanted: string) {
    const rig = goodRun(mode, 'v4', protocol);
    t.is(entriesOf(rig)?.verdict, 'PASS');
    edited(rig, text => text.replace(`01:58  ${wanted}`, `01:58  ${instead}`));
    const [failure] = entriesOf(rig)?.failures ?? [];
    t.is(failure?.field, 'entry.state');
    t.is(failure?.actual, instead);
    t.true(failure?.expected.endsWith(` in ${wanted}`), failure?.expected);
  },
  title: (_, mode, protocol, instead, wanted) =>
    `${mode}: an entry of ${protocol} in ${instead} is not one in ${wanted}`,
});
test(states, 'nat', 'tcp', 'ESTABLISHED', 'TIME_WAIT');
test(states, 'fullnat', 'tcp', 'FIN_WAIT', 'TIME_WAIT');
test(states, 'dr', 'tcp', 'TIME_WAIT', 'FIN_WAIT');
test(states, 'ipip', 'tcp', 'CLOSE', 'FIN_WAIT');
test(states, 'dr', 'udp', 'NONE', 'UDP');

test('with secure_tcp states are not foretold', t => {
  const rig = edited(goodRun('nat'), text => text.replace('TIME_WAIT', 'SYN_RECV'));
  t.is(entriesOf(rig)?.verdict, 'FAIL');
  rig.texts.set('director sysctl', 'net.ipv4.vs.secure_tcp = 3\n');
  t.is(entriesOf(rig)?.verdict, 'PASS');
});

/** The server ends a connection, and resets it as the client's FIN is in the director: `later` nanoseconds after that came. */
function crossed(later: bigint): Rig {
  const rig = goodRun('nat');
  const route = rig.route('rs1', 45_000);
  const say = (direction: 'request' | 'reply', flags: string, id: number): void =>
    rig.send(legsOf(route, direction), {id, protocol: 'tcp', flags, sequence: id});
  say('request', 'S', 1);
  say('reply', 'S.', 2);
  say('request', '.', 3);
  say('reply', 'F.', 4);
  const began = rig.time;
  say('request', 'F.', 5);
  rig.time = began + 50_000n + later;
  say('reply', 'R', 6);
  rig.note(route);
  for (const [place, frames] of rig.frames)
    rig.frames.set(
      place,
      frames
        .toSorted((a, b) => Number(a.time - b.time))
        .map((frame, i) => ({...frame, number: i + 1})),
    );
  return rig;
}

const wantedOf = (rig: Rig): string | undefined =>
  entriesOf(edited(rig, text => text.replaceAll('TIME_WAIT', 'LISTEN')))?.failures.find(
    ({expected}) => expected.includes(':45000'),
  )?.expected;

test('packets that were in the director at one time may have been noted in either order', t => {
  t.regex(wantedOf(crossed(10_000n)) ?? '', / in (TIME_WAIT or CLOSE|CLOSE or TIME_WAIT)$/);
  t.regex(wantedOf(crossed(40_000n)) ?? '', / in TIME_WAIT$/);
  t.regex(wantedOf(crossed(-70_000n)) ?? '', / in CLOSE$/);
});

test('an entry of which no capture has a packet is inconclusive', t => {
  const rig = edited(
    goodRun('dr'),
    text => `${text}TCP 01:58  FIN_WAIT   192.0.2.10:45000 198.51.100.80:80 198.51.100.21:80\n`,
  );
  const {verdict, reasons} = rig.judge();
  t.is(verdict, 'INCONCLUSIVE');
  t.regex(reasons.join('\n'), /entry of TCP 192\.0\.2\.10:45000 to .*no capture has a packet/);
});

test('a persistence template is no connection', t => {
  const rig = edited(
    goodRun('dr'),
    text => `${text}TCP 01:58  NONE   192.0.2.10:0 198.51.100.80:80 198.51.100.21:80\n`,
  );
  t.is(rig.judge().verdict, 'PASS');
});
