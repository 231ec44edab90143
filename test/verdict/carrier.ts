import test from 'ava';
import {traceRun} from '../../src/trace/run.ts';
import {compareCarrier, optionsOf, type Carrier} from '../../src/verdict/carrier.ts';
import type {Layer} from '../../src/wire/build.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const remoteOption = Uint8Array.of(0x80, 0, 0, 0, 0, 20, 0, 36);
const udp = {kind: 'udp', sourcePort: 50_000, destinationPort: 6080} as const;

/** A good run of which the hops in the tunnel name the carrier: GRE without checksum, GUE with one. */
function carried(mode: 'gre' | 'gue', carrier: Carrier, family: 'v4' | 'v6' = 'v4'): Rig {
  const rig = goodRun(mode, family);
  const request = rig.expectation.request.map(hop =>
    hop.encapsulation === undefined ? hop : {...hop, carrier},
  );
  rig.expectation = {...rig.expectation, request};
  return rig;
}

/** Of the request's hops alone: IPVS' counters tell against a packet more, too. */
const failedFields = (rig: Rig): string[] =>
  rig
    .judge()
    .checks.filter(({id}) => id.startsWith('request.'))
    .flatMap(({failures}) => failures)
    .map(({field}) => field);

const mismatch = test.macro(
  (
    t,
    mode: 'gre' | 'gue',
    right: Carrier,
    carrier: readonly Layer[],
    fields: readonly string[],
  ) => {
    const rig = carried(mode, right);
    t.is(rig.judge().verdict, 'PASS');
    // One packet more, of the first connection.
    const legs = legsOf(rig.route('rs1', 40_000), 'request').map(leg =>
      leg.tunnel === undefined ? leg : {...leg, tunnel: {...leg.tunnel, carrier}},
    );
    const content = {
      id: 777,
      protocol: 'tcp',
      sequence: 280_012,
      acknowledgement: 780_001,
    } as const;
    rig.send(legs, content);
    t.is(rig.judge().verdict, 'FAIL');
    // On the way to the router and on the way from it.
    t.deepEqual(failedFields(rig), [...fields, ...fields]);
  },
);

const gre: Carrier = {checksum: false};
const gue: Carrier = {checksum: true, port: 6080};
test('a GRE checksum', mismatch, 'gre', gre, [{kind: 'gre', hasChecksum: true}], ['gre.checksum']);
test('a GRE key', mismatch, 'gre', gre, [{kind: 'gre', key: 5}], ['gre.key']);
test('a GRE sequence number', mismatch, 'gre', gre, [{kind: 'gre', sequence: 0}], ['gre.sequence']);
test(
  'a UDP checksum of 0',
  mismatch,
  'gue',
  gue,
  [{...udp, checksum: 0}, {kind: 'gue'}],
  ['gue.udp.checksum'],
);
test(
  'an option of GUE',
  mismatch,
  'gue',
  gue,
  [udp, {kind: 'gue', flags: 1, optionBytes: remoteOption}],
  ['gue.options'],
);
test(
  'another port',
  (t, right: Carrier) =>
    t.deepEqual(failedFields(carried('gue', right)).slice(0, 1), ['gue.udp.dstport']),
  {checksum: true, port: 6081},
);
test('version 1 of GUE', mismatch, 'gue', gue, [udp, {kind: 'gue', version: 1}], ['gue.version']);

test('a missing GRE checksum, UDP checksum and option fail where they are expected', t => {
  t.true(failedFields(carried('gre', {checksum: true})).every(field => field === 'gre.checksum'));
  t.is(carried('gre', {checksum: true}).judge().verdict, 'FAIL');
  t.is(carried('gue', {checksum: false}).judge().verdict, 'FAIL');
  const remote = carried('gue', {checksum: true, remoteChecksum: true});
  t.true(failedFields(remote).every(field => field === 'gue.options'));
  t.is(remote.judge().verdict, 'FAIL');
});

const sums = test.macro(
  (t, mode: 'gre' | 'gue', carrier: readonly Layer[], actual: 'good' | 'bad' | 'absent') => {
    const rig = new Rig(mode);
    const legs = legsOf(rig.route('rs1', 40_000), 'request').map(leg =>
      leg.tunnel === undefined ? leg : {...leg, tunnel: {...leg.tunnel, carrier}},
    );
    rig.send(legs, {id: 1, protocol: 'tcp', flags: 'S', sequence: 1});
    const wrapped = traceRun(rig.topology, rig.captures()).flows[0]?.paths[0]?.crossings[2];
    const found = wrapped === undefined ? undefined : compareCarrier({checksum: true}, wrapped);
    const field = mode === 'gre' ? 'gre.checksum' : 'gue.udp.checksum';
    t.deepEqual(found, actual === 'good' ? [] : [{field, expected: 'good', actual}]);
  },
);
test('a good GRE checksum', sums, 'gre', [{kind: 'gre', hasChecksum: true}], 'good');
test('a bad GRE checksum', sums, 'gre', [{kind: 'gre', checksum: 'bad'}], 'bad');
test('no GRE checksum', sums, 'gre', [{kind: 'gre'}], 'absent');
test('a good UDP checksum', sums, 'gue', [udp, {kind: 'gue'}], 'good');
test('a bad UDP checksum', sums, 'gue', [{...udp, checksum: 'bad'}, {kind: 'gue'}], 'bad');
test('no UDP checksum', sums, 'gue', [{...udp, checksum: 0}, {kind: 'gue'}], 'absent');

test('carriers over IPv6 are judged in the same way', t => {
  t.is(carried('gre', gre, 'v6').judge().verdict, 'PASS');
  t.is(carried('gre', {checksum: true}, 'v6').judge().verdict, 'FAIL');
  t.is(carried('gue', gue, 'v6').judge().verdict, 'PASS');
  t.is(carried('gue', {checksum: false}, 'v6').judge().verdict, 'FAIL');
});

test('a carrier is refused where nothing carries', t => {
  const rig = goodRun('ipip');
  const request = rig.expectation.request.map(hop => ({...hop, carrier: gre}));
  rig.expectation = {...rig.expectation, request};
  t.throws(() => rig.judge(), {message: /only gre and gue have a header that carries/});
});

const words = test.macro((t, flags: number, option: Uint8Array, expected: string) =>
  t.is(optionsOf({flags, optionBytes: option}), expected),
);
test('no option', words, 0, new Uint8Array(), 'none');
test('remote checksum offload', words, 1, remoteOption, 'remote checksum');
test('flags without options', words, 1, new Uint8Array(), 'flags 0x0001, 0 bytes ');
test(
  'another private flag',
  words,
  1,
  Uint8Array.of(0x40, 0, 0, 0, 0, 20, 0, 36),
  'flags 0x0001, 8 bytes 4000000000140024',
);
test('options without flags', words, 0, remoteOption, 'flags 0x0000, 8 bytes 8000000000140024');
