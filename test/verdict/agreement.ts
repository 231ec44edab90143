import test from 'ava';
import {build} from '../../src/wire/build.ts';
import {countAtDirector} from '../support/counters.ts';
import {goodRun as uncounted} from '../support/good-run.ts';
import {legsOf, linkOf, modes, serverPort, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

function goodRun(mode: Mode, family: 'v4' | 'v6' = 'v4', protocol: 'tcp' | 'udp' = 'tcp'): Rig {
  const rig = uncounted(mode, family, protocol);
  countAtDirector(rig, serverPort(mode));
  return rig;
}

const agreementOf = (rig: Rig) => rig.judge().checks.find(({id}) => id === 'agreement.director');

test('in every mode IPVS counts what the packets show', t => {
  for (const mode of modes)
    for (const family of ['v4', 'v6'] as const)
      for (const protocol of ['tcp', 'udp'] as const) {
        if (family === 'v6' && mode !== 'nat' && mode !== 'dr') continue;
        const check = agreementOf(goodRun(mode, family, protocol));
        t.is(check?.verdict, 'PASS', `${mode} ${family} ${JSON.stringify(check?.failures)}`);
      }
});

/** Changes a number of a line of what the director says. */
const counted =
  (name: string, line: RegExp, column: number, change: (word: string) => string) =>
  (rig: Rig): void => {
    const key = `director ${name}`;
    const text = rig.texts.get(key) ?? '';
    const lines = text.split('\n').map(one => {
      if (!line.test(one)) return one;
      const words = one.trim().split(/\s+/);
      return words.map((word, i) => (i === column ? change(word) : word)).join(' ');
    });
    rig.texts.set(key, lines.join('\n'));
  };
const less = (word: string): string => String(Number(word) - 1);
const more = (word: string): string => String(Number(word) + 1);
const hexadecimal = (change: (word: string) => string) => (word: string) =>
  Number(change(String(Number.parseInt(word, 16))))
    .toString(16)
    .toUpperCase();
const said = (name: string, text: string) => (rig: Rig) =>
  void rig.texts.set(`director ${name}`, text);

const fails = test.macro<[Mode, (rig: Rig) => void, string, RegExp]>({
  exec(t, mode, spoil, field, place) {
    const rig = goodRun(mode);
    spoil(rig);
    const check = agreementOf(rig);
    t.is(check?.verdict, 'FAIL');
    t.true(
      check?.failures.some(one => one.field === field && place.test(one.place)),
      JSON.stringify(check?.failures),
    );
  },
  title: (name, mode) => `${mode}: ${name} is a failure`,
});
const doubts = test.macro<[Mode, (rig: Rig) => void, RegExp]>({
  exec(t, mode, spoil, reason) {
    const rig = goodRun(mode);
    spoil(rig);
    const {verdict, reasons} = rig.judge();
    t.is(verdict, 'INCONCLUSIVE');
    t.true(
      reasons.some(one => reason.test(one)),
      reasons.join('\n'),
    );
  },
  title: (name, mode) => `${mode}: ${name} is inconclusive`,
});

const stats = 'ipvsadm-stats';
const cpu = 'ip-vs-stats-percpu';
const texts = [
  ["a real server's", stats, /-> \d/, 2, (change: typeof less) => change, /stats, /],
  ["the service's", stats, /^TCP/, 2, (change: typeof less) => change, /stats/],
  ["a processor's", cpu, /^ +1 /, 1, hexadecimal, /percpu/],
] as const;
const fields = [
  ['connections', 'connections'],
  ['packetsIn', 'packets in'],
  ['packetsOut', 'packets out'],
  ['bytesIn', 'IP bytes in'],
  ['bytesOut', 'IP bytes out'],
] as const;
for (const mode of ['nat', 'dr', 'ipip', 'fullnat'] as const)
  for (const [whose, name, line, column, number, place] of texts)
    for (const [i, [field, words]] of fields.entries()) {
      // With droute and tunnel nothing is counted out.
      if (i % 2 === 1 || mode === 'nat' || mode === 'fullnat')
        if (field === 'connections' || field.endsWith('In') || mode !== 'dr')
          if (!(field.endsWith('Out') && mode === 'ipip'))
            test(
              `${whose} ${words}, one too few,`,
              fails,
              mode,
              counted(name, line, column + i, number(less)),
              `ipvs.${field}`,
              place,
            );
      test(
        `${whose} ${words}, one too many,`,
        doubts,
        mode,
        counted(name, line, column + i, number(more)),
        new RegExp(`${place.source}.*: \\d+ ${words} counted, the captures have \\d+`),
      );
    }

const zeros = (text: string): string => text.replaceAll(/(?<=:80)( +\d+)+$/gm, '  0  0  0  0  0');
const unsummed = (rig: Rig): void =>
  said(stats, zeros(rig.texts.get(`director ${stats}`) ?? ''))(rig);
test(
  'counters of before the traffic that are final',
  fails,
  'dr',
  unsummed,
  'ipvs.packetsIn',
  /stats/,
);
test(
  'sums that did not come in time',
  doubts,
  'dr',
  rig => {
    unsummed(rig);
    said('ipvsadm-stats-state', 'moving\n')(rig);
  },
  /0 packets in counted of 20: the kernel had not summed them up/,
);
test('no counters of processors', fails, 'dr', said(cpu, ''), 'counters', /percpu/);
test(
  'no counters of services',
  fails,
  'dr',
  said(stats, 'TCP  198.51.100.80:80 12K'),
  'counters',
  /stats/,
);
test('sums that nobody waited for are not judged', t => {
  const rig = goodRun('dr');
  unsummed(rig);
  said('ipvsadm-stats-state', 'unknown\n')(rig);
  t.is(rig.judge().verdict, 'PASS');
});
test('a real server that is not listed has not counted', t => {
  const rig = goodRun('dr');
  rig.drop('director', stats, rig.address('RIP2'));
  t.regex(JSON.stringify(agreementOf(rig)?.failures), /no counters/);
});

/** Takes a packet of the first connection from everywhere, by its IP id. */
function forget(rig: Rig, id: number): void {
  for (const [place, frames] of rig.frames)
    for (const {number, bytes} of frames.toReversed()) {
      const packet = Buffer.from(bytes);
      const ports = [packet.readUInt16BE(34), packet.readUInt16BE(36)];
      if (packet.readUInt16BE(18) === id && ports.includes(40_000)) rig.remove(place, number);
    }
}
test(
  'an acknowledgement that all captures missed',
  doubts,
  'dr',
  rig => forget(rig, 103),
  /percpu: 20 packets in counted, the captures have 19/,
);
test(
  'a FIN that all captures missed',
  doubts,
  'dr',
  rig => {
    forget(rig, 104);
    forget(rig, 303);
  },
  /20 packets in counted, the captures have 19/,
);

test('a packet twice at the director, where nothing else tells, was counted once', t => {
  const rig = goodRun('dr', 'v6');
  const route = rig.route('rs1', 40_000);
  rig.send(legsOf(route, 'request'), {
    id: 0,
    protocol: 'tcp',
    flags: '.',
    sequence: 40_000 * 7 + 1,
    acknowledgement: 40_000 * 7 + 500_001,
  });
  t.regex(JSON.stringify(agreementOf(rig)?.failures), /21 packets in, as the packets show/);
});

test('a director that sends on what IPVS did not count is diagnosed', t => {
  const rig = goodRun('nat');
  unsummed(rig);
  rig.texts.set(
    `director ${cpu}`,
    (rig.texts.get(`director ${cpu}`) ?? '').replaceAll(/^( +\d)( [\dA-F]+)+$/gm, '$1 0 0 0 0 0'),
  );
  const {verdict, diagnoses} = rig.judge();
  t.is(verdict, 'FAIL');
  t.true(diagnoses.some(({cause}) => cause === 'not-by-ipvs'));
});

test('an ICMP error about a connection may have been counted, in or out, or not', t => {
  const counting = (change: (word: string) => string): readonly string[] => {
    const rig = goodRun('dr');
    const {sender, receiver} = linkOf(rig.topology, 'router', 'director');
    const quoted = build([
      {kind: 'ipv4', source: rig.address('VIP'), destination: rig.address('CIP')},
      {kind: 'tcp', sourcePort: 80, destinationPort: 40_000, flags: '.'},
    ]);
    const error = build(
      [
        {kind: 'ethernet', source: sender.mac, destination: receiver.mac},
        {kind: 'ipv4', source: rig.address('CIP'), destination: rig.address('VIP')},
        {kind: 'icmp', type: 3, code: 1},
      ],
      quoted,
    );
    rig.see(error, `router ${sender.name}`, `director ${receiver.name}`);
    counted(cpu, /^ +1 /, 2, hexadecimal(change))(rig);
    const {checks, reasons} = rig.judge();
    const check = checks.find(({id}) => id === 'agreement.director');
    return [...(check?.failures ?? []).map(({field}) => field), ...reasons];
  };
  t.deepEqual(
    counting(word => word),
    [],
  );
  t.deepEqual(counting(more), []);
  t.deepEqual(counting(less), ['ipvs.packetsIn']);
});

test('the datagrams of one UDP 5-tuple are one connection', t => {
  const rig = uncounted('dr', 'v4', 'udp');
  const route = rig.route('rs1', 40_000);
  rig.send(legsOf(route, 'request'), {id: 77, protocol: 'udp', payload: 'more'});
  rig.send(legsOf(route, 'reply'), {id: 78, protocol: 'udp', payload: 'more of it'});
  countAtDirector(rig, serverPort('dr'));
  for (const first of rig.requests.slice(0, 1)) rig.requests.splice(1, 0, {...first, message: 2});
  t.is(agreementOf(rig)?.verdict, 'PASS');
  counted(cpu, /^ +1 /, 1, hexadecimal(more))(rig);
  t.regex(rig.judge().reasons.join('\n'), /5 connections counted, the captures have 4/);
});
