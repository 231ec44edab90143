import test from 'ava';
import {goodRun} from '../support/good-run.ts';
import {legsOf, type Mode} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const records = test.macro({
  exec(t, mode: Mode, spoil: (rig: Rig) => void, id: string, expected: RegExp, claim?: string) {
    const rig = goodRun(mode);
    spoil(rig);
    const {verdict, checks, claims} = rig.judge();
    t.is(verdict, 'FAIL');
    const check = checks.find(one => one.id === id);
    t.is(check?.verdict, 'FAIL', id);
    t.regex(JSON.stringify(check?.failures), expected);
    if (claim !== undefined) t.is(claims.find(one => one.id === claim)?.verdict, 'FAIL');
  },
  title: (name, mode, _, id) => `${mode}: ${name ?? ''} fails ${id}`,
});

const edit =
  (node: string, name: string, change: (text: string) => string) =>
  (rig: Rig): void =>
    void rig.texts.set(`${node} ${name}`, change(rig.texts.get(`${node} ${name}`) ?? ''));
const lnc = (change: (text: string) => string) => edit('director', 'ipvsadm-Lnc', change);

test(
  'an entry that is missing',
  records,
  'nat',
  lnc(text => text.replace(/^.*:40001 .*\n/m, '')),
  'entries',
  /no entry/,
  'NAT2',
);
test(
  'an entry with another real server',
  records,
  'nat',
  lnc(text => text.replace('203.0.113.22:8080', '203.0.113.21:8080')),
  'entries',
  /203.0.113.22:8080.*entry.destination/,
  'NAT2',
);
test(
  'an entry with another port',
  records,
  'nat',
  lnc(text => text.replace('203.0.113.22:8080', '203.0.113.22:80')),
  'entries',
  /203.0.113.22:80/,
  'NAT2',
);
test(
  'no listing at all',
  records,
  'nat',
  lnc(() => "Can't initialize ipvs: Protocol not available\n"),
  'entries',
  /a listing of entries/,
  'NAT2',
);
test(
  'an empty listing',
  records,
  'dr',
  lnc(() => ''),
  'entries',
  /no entry/,
);
test(
  'an answer of another real server',
  records,
  'ipip',
  rig => void rig.requests.splice(1, 1, {...requestOf(rig, 1), answeredBy: 'rs1'}),
  'answers',
  /"actual":"rs1"/,
  'TUN2',
);
test(
  'an answer with status 500',
  records,
  'ipip',
  rig => void rig.requests.splice(1, 1, {...requestOf(rig, 1), answered: false, status: 500}),
  'answers',
  /status 500/,
  'TUN5',
);
test(
  'a request without answer',
  records,
  'ipip',
  rig =>
    void rig.requests.splice(1, 1, {
      ...requestOf(rig, 1),
      answered: false,
      status: 0,
      exitCode: 28,
    }),
  'answers',
  /no answer \(curl exit code 28\)/,
);
test(
  'a request without packets',
  records,
  'dr',
  rig => void rig.requests.splice(1, 1, {...requestOf(rig, 1), localPort: 9}),
  'answers',
  /packets of the request/,
);
test(
  'a connection without request',
  records,
  'dr',
  rig => void rig.requests.pop(),
  'answers',
  /3 connections asked on/,
);
function requestOf(rig: Rig, index: number) {
  const request = rig.requests[index];
  if (request === undefined) throw new Error('no such request');
  return request;
}

test(
  'another gateway',
  records,
  'dr',
  edit('rs1', 'ip-route', text => text.replace('198.51.100.1 ', '198.51.100.2 ')),
  'fact.2',
  /DIP 198.51.100.2/,
  'DR5',
);
test(
  'no gateway',
  records,
  'dr',
  edit('rs1', 'ip-route', text => text.replace(/^default.*\n/m, '')),
  'fact.2',
  /no default gateway/,
  'DR5',
);
test(
  'no collected routes',
  records,
  'dr',
  edit('rs1', 'ip-route', () => ''),
  'fact.2',
  /no default gateway/,
  'DR5',
);
test(
  'a route to the client',
  records,
  'fullnat',
  edit('rs1', 'ip-route', text => `${text}192.0.2.0/24 via 203.0.113.1 dev eth0\n`),
  'fact.3',
  /192.0.2.0\/24/,
  'FN3',
);
test(
  'a default route',
  records,
  'fullnat',
  edit('rs1', 'ip-route', text => `${text}default via 203.0.113.1 dev eth0\n`),
  'fact.3',
  /default via/,
  'FN3',
);
test(
  'no collected routes',
  records,
  'fullnat',
  edit('rs1', 'ip-route', () => ''),
  'fact.3',
  /something to judge/,
  'FN3',
);
test(
  'the client in the access log',
  records,
  'fullnat',
  edit('rs1', 'access-log', text => `${text}192.0.2.10:40000 t 200\n`),
  'fact.5',
  /never CIP/,
  'FN4',
);
test(
  'another peer in the access log',
  records,
  'fullnat',
  edit('rs1', 'access-log', text => text.replaceAll('198.51.100.2:', '198.51.100.3:')),
  'fact.5',
  /198.51.100.3/,
  'FN4',
);
test(
  'an empty access log',
  records,
  'fullnat',
  edit('rs1', 'access-log', () => ''),
  'fact.5',
  /something to judge/,
  'FN4',
);
test(
  'an ARP answer of a real server',
  records,
  'dr',
  rig => rig.resolve('rs1'),
  'fact.1',
  /rs1 says so/,
  'DR4',
);

test(
  'a real server out of turn',
  records,
  'dr',
  rig => {
    rig.connect('rs2', 40_010);
    rig.connect('rs1', 40_011);
  },
  'turns',
  /rs1, rs2, rs1, rs2, rs2/,
);
test(
  'one connection too many',
  records,
  'dr',
  rig => {
    rig.connect('rs1', 40_010);
    rig.expectation = {...rig.expectation, connections: 4};
  },
  'connections',
  /"expected":"4","actual":"5"/,
);
test(
  'a connection to another port',
  records,
  'dr',
  rig => {
    const legs = legsOf(rig.route('rs1', 40_020), 'request').map(leg => ({
      ...leg,
      destinationPort: 443,
    }));
    rig.send(legs, {id: 5, protocol: 'tcp', flags: 'S', sequence: 1});
  },
  'strays',
  /a frame of none/,
);
test(
  'a RST',
  records,
  'dr',
  rig =>
    rig.send(legsOf(rig.route('rs1', 40_000), 'reply'), {
      id: 304,
      protocol: 'tcp',
      flags: 'R',
      sequence: 780_001,
    }),
  'complete',
  /RST from rs1/,
);

test('no traffic at all fails every check about packets', t => {
  const rig = goodRun('dr', 'v4', 'tcp', 0);
  rig.expectation = {...rig.expectation, connections: 4};
  const {verdict, checks, claims} = rig.judge();
  t.is(verdict, 'FAIL');
  for (const id of [
    'request.1',
    'request.3',
    'reply.1',
    'connections',
    'complete',
    'never.1',
    'turns',
    'answers',
  ])
    t.is(checks.find(check => check.id === id)?.verdict, 'FAIL', id);
  t.deepEqual(
    claims.filter(({verdict: claim}) => claim === 'PASS').map(({id}) => id),
    ['DR3'],
  );
});

test('a lab that expects no connections and sees none does not pass', t => {
  t.is(goodRun('dr', 'v4', 'tcp', 0).judge().verdict, 'FAIL');
});

test('a datagram that all captures missed, though its client got it, is inconclusive', t => {
  const rig = goodRun('dr', 'v4', 'udp');
  const [first] = rig.requests;
  t.truthy(first);
  if (first === undefined) return;
  t.is(rig.judge().verdict, 'PASS');
  rig.requests.splice(1, 0, {...first, message: 2});
  const {verdict, reasons} = rig.judge();
  t.is(verdict, 'INCONCLUSIVE');
  t.regex(reasons.join('\n'), /:40000 got 2 answers, and the captures have 1 datagrams/);
});
