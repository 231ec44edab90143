import test from 'ava';
import {compareBehaviour, type Difference} from '../../src/verdict/behaviour.ts';
import {observe} from '../../src/verdict/normalise.ts';
import {type Observation} from '../../src/verdict/observation.ts';
import {announced, ftpRun} from '../support/ftp-run.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf, modes, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

const observed = (rig: Rig): readonly Observation[] =>
  observe(rig.folder(), rig.captures(), rig.expectation, rig.judge());
const valueOf = (rig: Rig, of: string, what: string): string | undefined =>
  observed(rig).find(one => one.of === of && one.what === what)?.value;
const differences = (a: Rig, b: Rig): readonly Difference[] =>
  compareBehaviour(observed(a), observed(b));

/** A good run with two connections, from the port on, at the time. */
function run(mode: Mode, {port = 40_000, time = 0n, isn = 7} = {}): Rig {
  const rig = goodRun(mode, 'v4', 'tcp', 0);
  rig.time += time;
  rig.connect('rs1', port, isn);
  rig.connect('rs2', port + 11, isn * 3);
  return rig;
}

test('a path has names, TTLs and encapsulation, a line a hop', t => {
  t.is(
    valueOf(run('ipip'), 'connection 1', 'request SYN'),
    [
      'client > router   CIP > VIP ttl 64 DF   tcp CPORT > 80',
      'router > director   CIP > VIP ttl 63 DF   tcp CPORT > 80',
      'director > router   DIP > RIP1 ttl 62 DF   ipip   CIP > VIP ttl 62 DF   tcp CPORT > 80',
      'router > rs1   DIP > RIP1 ttl 61 DF   ipip   CIP > VIP ttl 62 DF   tcp CPORT > 80',
      'decapsulated at rs1 tunl0',
    ].join('\n'),
  );
});

for (const mode of modes)
  test(`${mode}: other times, client ports and initial sequence numbers are the same behaviour`, t => {
    const other = run(mode, {port: 51_234, time: 86_400_000_000_000n, isn: 4_294_967_290});
    t.true(observed(other).length > 15);
    t.deepEqual(differences(run(mode), other), []);
  });

test('retransmissions and pure ACKs, however many, are the same behaviour', t => {
  const noisy = run('nat');
  const route = noisy.route('rs1', 40_000);
  for (const [direction, flags, payload] of [
    ['request', '.', ''],
    ['request', 'P.', 'GET /40000'],
    ['reply', '.', ''],
  ] as const)
    noisy.send(legsOf(route, direction), {
      id: 900,
      protocol: 'tcp',
      flags,
      sequence: direction === 'request' ? 8 : 500_008,
      acknowledgement: 500_008,
      payload,
    });
  // The judge is strict about what comes after a FIN.
  const found = differences(run('nat'), noisy).filter(({what}) => what !== 'verdict');
  t.deepEqual(found, []);
});

test('segments of another size are the same stream', t => {
  const stream = (cuts: readonly string[]): Rig => {
    const rig = goodRun('dr', 'v4', 'tcp', 0);
    const legs = legsOf(rig.route('rs1', 40_000), 'request');
    const send = (flags: string, sequence: number, payload = ''): void =>
      rig.send(legs, {id: sequence, protocol: 'tcp', flags, sequence, payload});
    send('S', 4_294_967_295);
    let at = 0;
    for (const payload of cuts) {
      send('P.', at, payload);
      at += payload.length;
    }
    return rig;
  };
  t.is(valueOf(stream(['abcd', 'ef']), 'connection 1', 'request stream'), '6 bytes');
  t.deepEqual(differences(stream(['abcd', 'ef']), stream(['a', 'bcdef'])), []);
  t.deepEqual(
    differences(stream(['abcd', 'ef']), stream(['abcd', 'efg'])).map(({what}) => what),
    ['request stream'],
  );
});

test('another TTL is told at its hop, for each connection that has it', t => {
  const other = run('dr');
  for (const [place, nth] of [
    ['director eth0', 2],
    ['rs1 eth0', 1],
  ] as const)
    other.alter([place], other.find(place, '[S]', nth), {ttl: 60});
  const [verdict, ...found] = differences(run('dr'), other);
  t.is(verdict?.what, 'verdict');
  const syn = found.find(({what}) => what === 'request SYN');
  t.deepEqual(syn?.of, ['connection 1']);
  t.regex(syn?.a ?? '', /director > rs1 {3}CIP > VIP ttl 62/);
  t.regex(syn?.b ?? '', /director > rs1 {3}CIP > VIP ttl 60/);
});

test('a packet that ends on its way is another way beside the whole one', t => {
  const other = run('dr');
  const legs = legsOf(other.route('rs1', 40_000), 'request').slice(0, 2);
  other.send(legs, {id: 99, protocol: 'tcp', flags: 'S', sequence: 7});
  const found = differences(run('dr'), other).find(({what}) => what === 'request SYN');
  t.regex(found?.b ?? '', /\nor\n/);
});

test('another real server, another answer and another state of an entry are told', t => {
  const [a, b] = [goodRun('nat', 'v4', 'tcp', 0), goodRun('nat', 'v4', 'tcp', 0)];
  a.connect('rs1', 40_000);
  b.connect('rs2', 40_000);
  b.texts.set(
    'director ipvsadm-Lnc',
    (b.texts.get('director ipvsadm-Lnc') ?? '').replace('TIME_WAIT', 'FIN_WAIT '),
  );
  const found = new Map(differences(a, b).map(one => [one.what, one]));
  t.like(found.get('real server'), {a: 'rs1', b: 'rs2', of: ['connection 1']});
  t.like(found.get('answer'), {a: 'status 200 from rs1', b: 'status 200 from rs2'});
  t.like(found.get('entry on director, TCP VIP:80'), {
    a: 'TIME_WAIT > RIP1:8080',
    b: 'FIN_WAIT > RIP2:8080',
  });
});

test('the seconds that an entry has left are not told', t => {
  const other = run('nat');
  const text = other.texts.get('director ipvsadm-Lnc') ?? '';
  t.true(text.includes('01:58'));
  other.texts.set('director ipvsadm-Lnc', text.replaceAll('01:58', '00:03'));
  t.deepEqual(differences(run('nat'), other), []);
});

test('services and real servers are told without their counters', t => {
  const [a, b] = [run('nat'), run('nat')];
  const listing = (scheduler: string, counters: string): string =>
    `TCP  198.51.100.80:80 ${scheduler}\n  -> 203.0.113.21:8080   Masq    1   ${counters}\n`;
  a.texts.set('director ipvsadm-Ln', listing('rr', '0 2'));
  b.texts.set('director ipvsadm-Ln', listing('rr', '2 0'));
  t.deepEqual(differences(a, b), []);
  b.texts.set('director ipvsadm-Ln', listing('wrr persistent 300', '0 2'));
  t.deepEqual(differences(a, b), [
    {of: ['director'], what: 'service TCP VIP:80', a: 'rr', b: 'wrr persistent 300'},
  ]);
});

test('a text that is no listing is evidence, not an error', t => {
  const other = run('nat');
  other.texts.set('director ipvsadm-Ln', 'Segmentation fault\n');
  t.regex(valueOf(other, 'director', 'ipvsadm -Ln') ?? '', /^not readable: /);
});

test('sysctls of IPVS are told by name and value, those of the machine by name', t => {
  const [a, b] = [run('nat'), run('nat')];
  a.append(
    'director',
    'sysctl',
    'net.ipv4.ip_forward = 1\nnet.ipv4.vs.sync_threshold = 3\t50\nnet.ipv4.vs.sync_qlen_max = 14000\nnet.ipv4.vs.gone = 1\n',
  );
  b.append(
    'director',
    'sysctl',
    'net.ipv4.ip_forward = 0\nnet.ipv4.vs.sync_threshold = 3 60\nnet.ipv4.vs.sync_qlen_max = 15000\nnet.ipv4.vs.new = 0\n',
  );
  t.deepEqual(differences(a, b), [
    {of: ['director'], what: 'net.ipv4.vs.sync_threshold', a: '3 50', b: '3 60'},
    {of: ['director'], what: 'net.ipv4.vs.gone', a: '1', b: undefined},
    {of: ['director'], what: 'net.ipv4.vs.new', a: undefined, b: '0'},
  ]);
});

test('what differs in the same way is told once, and the order of observations is none', t => {
  const of = (...values: readonly string[]): Observation[] =>
    values.map((value, i) => ({of: `connection ${i + 1}`, what: 'x', value}));
  t.deepEqual(compareBehaviour(of('1', '1', '2'), of('3', '3', '2')), [
    {of: ['connection 1', 'connection 2'], what: 'x', a: '1', b: '3'},
  ]);
  t.deepEqual(compareBehaviour(of('1', '2'), of('1', '2').toReversed()), []);
});

test('several values of one name are compared as a whole', t => {
  const both = ['1', '2'].map(value => ({of: 'director', what: 'entry', value}));
  t.deepEqual(compareBehaviour(both, both.toReversed()), []);
  t.deepEqual(compareBehaviour(both, both.slice(0, 1)), [
    {of: ['director'], what: 'entry', a: '1\nand\n2', b: '1'},
  ]);
});

test("FTP's data connections are named by their control connections, and their ports are not told", t => {
  const seen = observed(ftpRun());
  t.is(
    seen.find(({of, what}) => of === 'connection 2, data 1' && what === 'request SYN')?.value,
    [
      'client > router   CIP > VIP ttl 64 DF   tcp CPORT > DPORT',
      'router > director   CIP > VIP ttl 63 DF   tcp CPORT > DPORT',
      'director > rs2   CIP > RIP2 ttl 62 DF   tcp CPORT > DPORT',
    ].join('\n'),
  );
  t.true(seen.some(({of, what}) => of === 'connection 1, data 1' && what.startsWith('entry on')));
  t.false(seen.some(({of}) => of.startsWith('flow ')));
  t.false(seen.some(({of, what}) => of === 'connection 1' && what.endsWith(' stream')));
  t.false(seen.some(({of, what, value}) => `${of} ${what} ${value}`.includes(String(announced))));
});
