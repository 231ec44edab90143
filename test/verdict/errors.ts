import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {quote} from '../../src/wire/fragment.ts';
import type {ErrorExpectation} from '../../src/verdict/types.ts';
import {goodRun} from '../support/good-run.ts';
import {linkOf} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';
import {expectedError, unreachableRun} from '../support/unreachable.ts';

/** An ICMP message from the router to the client, with what it quotes. */
function tell(rig: Rig, icmp: Layer, quoted: Uint8Array): void {
  const {sender, receiver} = linkOf(rig.topology, 'router', 'client');
  rig.see(
    build(
      [
        {kind: 'ethernet', source: sender.mac, destination: receiver.mac},
        {
          kind: 'ipv4',
          source: sender.address.v4 ?? '',
          destination: rig.address('CIP'),
          ttl: 64,
          id: 900,
        },
        icmp,
      ],
      quoted,
    ),
    `router ${sender.name}`,
    `client ${receiver.name}`,
  );
}

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

const fails = test.macro({
  exec(t, icmp: Layer, quoted: (rig: Rig) => Uint8Array, check: string) {
    const rig = goodRun('dr');
    t.deepEqual(failed(rig), []);
    tell(rig, icmp, quoted(rig));
    t.deepEqual(failed(rig), [check]);
  },
  title: name => `a lab that expects none fails by ${name ?? ''}`,
});

const segment = (rig: Rig, clientPort: number): Uint8Array =>
  quote(
    build([
      {kind: 'ipv4', source: rig.address('CIP'), destination: rig.address('VIP'), ttl: 63, id: 1},
      {kind: 'tcp', sourcePort: clientPort, destinationPort: 80, flags: 'S', sequence: 1},
    ]),
  );
const tooBig: Layer = {kind: 'icmp', type: 3, code: 4, rest: 1400};
test(
  'an ICMP error that quotes a connection',
  fails,
  tooBig,
  rig => segment(rig, 40_000),
  'errors',
);
test('an ICMP error that quotes another', fails, tooBig, rig => segment(rig, 9), 'errors');
test('an ICMP error that quotes nothing', fails, tooBig, () => new Uint8Array(), 'errors');
test('a ping', fails, {kind: 'icmp', type: 8, rest: 1}, () => new Uint8Array(8), 'strays');

test('expected ICMP errors on their paths pass, with the requests refused', t => {
  const {verdict, checks} = unreachableRun().judge();
  t.is(verdict, 'PASS');
  t.is(checks.find(({id}) => id === 'errors.1')?.judged, 2);
});

const fieldsOf = (rig: Rig): readonly string[] => {
  const found = rig
    .judge()
    .checks.filter(({verdict, id}) => verdict === 'FAIL' && id.startsWith('errors'))
    .flatMap(({failures}) => failures.map(({field}) => field));
  return [...new Set(found)].toSorted();
};

const wrong = test.macro({
  exec(t, change: Partial<ErrorExpectation>, ...fields: readonly string[]) {
    const rig = unreachableRun();
    rig.expectation = {...rig.expectation, errors: [{...expectedError, ...change}]};
    t.deepEqual(fieldsOf(rig), [...fields]);
  },
  title: name => `an ICMP error fails by ${name ?? ''}`,
});
const [one, two, three] = expectedError.path;
if (one === undefined || two === undefined || three === undefined) throw new Error('three hops');
test('another code', wrong, {code: 1}, 'icmp');
test('an MTU', wrong, {mtu: 1400}, 'icmp.mtu', 'mtu');
test('the size of what it quotes', wrong, {over: 36}, 'mtu');
test('the TTL of what it quotes', wrong, {quotedTtl: -1}, 'quote.ip.ttl');
test('the length of what it quotes', wrong, {quotedBytes: 28}, 'quote.length');
test('how many there are', wrong, {count: [3, 5]}, 'icmp');
test('a hop too few', wrong, {path: [one, two]}, 'path');
test('a hop too many', wrong, {path: [one, two, three, three]}, 'path');
test('its source', wrong, {path: [one, {...two, ip: 'RIP > CIP'}, three]}, 'ip.src');
test(
  'the quoted destination',
  wrong,
  {path: [one, {...two, quotes: {ip: 'CIP > RIP', ports: 'CPORT > 80'}}, three]},
  'quote.ip.dst',
);
test(
  'the quoted port',
  wrong,
  {path: [one, {...two, quotes: {ip: 'CIP > VIP', ports: 'CPORT > 8080'}}, three]},
  'quote.dstport',
);

const spoilt = test.macro({
  exec(t, places: readonly string[], at: number, ...fields: readonly string[]) {
    const rig = unreachableRun();
    for (const place of places) {
      const number = rig.find(place, 'unreachable');
      const bytes = rig.bytesAt(place, number);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      rig.replace(place, number, bytes);
    }
    const found = fieldsOf(rig);
    for (const field of fields) t.true(found.includes(field), `${field} in ${found.join(', ')}`);
    t.is(rig.judge().verdict, 'FAIL');
  },
  title: name => `an ICMP error fails by a spoilt ${name ?? ''}`,
});
const last = ['router eth0', 'client eth0'];
test('checksum', spoilt, last, 36, 'icmp.checksum');
test('quoted TTL', spoilt, last, 42 + 8, 'bytes', 'quote.ip.checksum');
test('quoted checksum', spoilt, last, 42 + 26, 'bytes');
test('quoted payload', spoilt, last, 42 + 30, 'path');
test('destination MAC', spoilt, last, 5, 'eth.dst');
test('TTL', spoilt, last, 22, 'ip.ttl');
test('rest', spoilt, last, 41, 'path');

test('a second error for the same packet fails', t => {
  const rig = unreachableRun();
  for (const place of ['rs1 eth0', 'director eth1', 'director eth0', 'router eth1', ...last]) {
    const bytes = rig.bytesAt(place, rig.find(place, 'unreachable'));
    bytes[19] = 77;
    bytes.writeUInt16BE(0, 24);
    let sum = 0;
    for (let at = 14; at < 34; at += 2) sum += bytes.readUInt16BE(at);
    while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
    bytes.writeUInt16BE(0xffff - sum, 24);
    rig.see(bytes, place);
  }
  rig.expectation = {...rig.expectation, errors: [{...expectedError, count: [2, 3]}]};
  t.deepEqual(fieldsOf(rig), ['icmp']);
});

test('a packet that ends early without an ICMP error fails', t => {
  const rig = unreachableRun();
  for (const place of ['director eth1', 'rs1 eth0']) rig.remove(place, rig.find(place, '> 8080'));
  t.true(failed(rig).includes('errors.1'));
  t.true(failed(rig).includes('request.3'));
});

test('where no reply is expected, one fails', t => {
  const rig = unreachableRun();
  const answered = goodRun('nat', 'v4', 'udp', 1);
  const before = rig.time;
  for (const [place, frames] of answered.frames)
    for (const frame of frames) rig.add(place, frame.bytes, before + frame.time - answered.time);
  t.true(failed(rig).includes('reply'));
});
