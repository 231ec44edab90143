import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import type {SctpChunkFields} from '../../src/wire/sctp-encode.ts';
import {layersOf, legsOf, linkOf, type Leg} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const start = {
  initiateTag: 1,
  receiverWindow: 1000,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 1,
  parameters: [],
} as const;
const data = {
  kind: 'data',
  tsn: 1,
  stream: 0,
  streamSequence: 0,
  payloadProtocol: 0,
  data: Buffer.from('text'),
} as const;

/** The packets of a whole association. */
const whole: readonly (readonly ['request' | 'reply', SctpChunkFields])[] = [
  ['request', {kind: 'init', ...start}],
  ['reply', {kind: 'init-ack', ...start}],
  ['request', {kind: 'cookie-echo', data: Buffer.from('cook')}],
  ['reply', {kind: 'cookie-ack'}],
  ['request', data],
  ['reply', data],
  ['request', {kind: 'shutdown', cumulativeTsn: 1}],
  ['reply', {kind: 'shutdown-ack'}],
  ['request', {kind: 'shutdown-complete'}],
];

function layersOfAssociation(
  leg: Leg,
  id: number,
  chunk: SctpChunkFields,
  checksum?: number,
): readonly Layer[] {
  const {sourcePort, destinationPort} = leg;
  return [
    ...layersOf(leg, {id, protocol: 'udp'}).slice(0, 1),
    {kind: 'sctp', sourcePort, destinationPort, verificationTag: id, chunks: [chunk], checksum},
  ];
}

/** A run of one association with these packets; `damage` is a hop of the first request at which its CRC is spoilt. */
function run(mode: 'nat' | 'dr', packets: typeof whole, damage = -1): Rig {
  const rig = new Rig(mode);
  rig.expectation = {...rig.expectation, protocol: 'sctp', roundRobin: false, facts: []};
  const route = rig.route('rs1', 40_000);
  for (const [i, [direction, chunk]] of packets.entries())
    for (const [hop, leg] of legsOf(route, direction).entries()) {
      const {sender, receiver} = linkOf(rig.topology, leg.from, leg.to);
      const ethernet: Layer = {kind: 'ethernet', source: sender.mac, destination: receiver.mac};
      const checksum = i === 0 && hop === damage ? 7 : undefined;
      const bytes = build([ethernet, ...layersOfAssociation(leg, 100 + i, chunk, checksum)]);
      rig.see(bytes, `${leg.from} ${sender.name}`, `${leg.to} ${receiver.name}`);
    }
  rig.note(route);
  return rig;
}

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

for (const mode of ['nat', 'dr'] as const) {
  test(`${mode}: an association from INIT to SHUTDOWN COMPLETE passes`, t => {
    const rig = run(mode, whole);
    t.deepEqual(failed(rig), []);
    t.is(rig.judge().verdict, 'PASS', rig.judge().reasons.join('; '));
  });

  for (const [i, [direction, {kind}]] of whole.entries())
    if (i > 0)
      test(`${mode}: an association without ${kind} as ${direction} is not whole`, t => {
        const rig = run(mode, whole.toSpliced(i, 1));
        t.deepEqual(failed(rig), ['complete']);
        const check = rig.judge().checks.find(({id}) => id === 'complete');
        t.is(check?.failures.length, 1);
        t.true(check?.failures[0]?.expected.endsWith(`as ${direction}`));
      });

  test(`${mode}: an ABORT fails the association`, t => {
    const rig = run(mode, [...whole, ['reply', {kind: 'abort', parameters: []}]]);
    t.deepEqual(failed(rig), ['complete']);
  });

  test(`${mode}: a bad CRC32c fails the hop at which it is`, t => {
    const rig = run(mode, whole, 2);
    t.true(failed(rig).includes('request.3'));
    const check = rig.judge().checks.find(({id}) => id === 'request.3');
    t.true(check?.failures.some(({field}) => field === 'sctp.checksum'));
  });
}

test('a real server that answers INIT as VIP with ABORT does not listen on the port', t => {
  const rig = run('dr', [
    ['request', {kind: 'init', ...start}],
    ['reply', {kind: 'abort', parameters: []}],
  ]);
  t.true(
    rig.judge().diagnoses.some(({cause}) => cause === 'port-not-rewritten'),
    JSON.stringify(rig.judge().diagnoses),
  );
});
