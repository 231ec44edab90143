import test from 'ava';
import checksums from '../../../labs/headers/checksum-nat-tcp.ts';
import sloppy from '../../../labs/sysctls/sloppy-tcp.ts';
import type {Judgement} from '../../../src/verdict/types.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';

/** Steps: 1 a segment and the director's RST, 2 no entries, 4 the segment goes to rs1, 5 its entry, 6 the answer of rs1. */
const made = (): ExchangeRig => new ExchangeRig(sloppy.spec);
const failuresOf = ({checks}: Judgement): readonly string[] =>
  checks.flatMap(({id, verdict, failures}) =>
    verdict === 'FAIL' ? failures.map(({field}) => `${id} ${field}`) : [],
  );
const toRs1 = ['director eth1', 'rs1 eth0'];
const toClient = ['router eth0', 'client eth0'];

test('a run in which all is as it should be passes, with its claim, and every check judged something', t => {
  const {verdict, checks, claims, reasons, diagnoses} = made().judged();
  t.is(verdict, 'PASS');
  t.deepEqual(reasons, []);
  t.deepEqual(claims, [{id: 'Y-sloppy-tcp', verdict: 'PASS'}]);
  t.deepEqual(diagnoses, []);
  t.true(checks.every(({judged}) => judged > 0));
});

const fails = test.macro(
  (t, spoil: (rig: ExchangeRig) => void, first: string, ...more: readonly string[]) => {
    const rig = made();
    spoil(rig);
    const judgement = rig.judged();
    t.is(judgement.verdict, 'FAIL', judgement.reasons.join('\n'));
    t.deepEqual(failuresOf(judgement), [first, ...more]);
  },
);
const altered = (places: readonly string[], number: number, change: object) => (rig: ExchangeRig) =>
  rig.alter(places, number, change);

test(
  'a MAC address of nobody',
  fails,
  altered(toRs1, 1, {sourceMac: '02:00:00:00:00:77'}),
  'step.4.hop.3 path',
  'nothing-else path',
);
test('a TTL', fails, altered(toRs1, 1, {ttl: 61}), 'step.4.hop.3 ip.ttl');
test('a port', fails, altered(toRs1, 1, {destinationPort: 8081}), 'step.4.hop.3 tcp.dstport');
test('a bad checksum that became another bad one on its way fails, though nothing was rewritten', t => {
  const rig = new ExchangeRig(checksums.spec);
  t.deepEqual(failuresOf(rig.judged()), []);
  for (const place of ['router eth1', 'director eth0']) {
    const number = rig.find(place, '(bad checksum)');
    const bytes = rig.bytesAt(place, number);
    // Ethernet 14, IPv4 20, and the checksum at 16 of TCP.
    bytes.writeUInt16BE(bytes.readUInt16BE(50) ^ 1, 50);
    rig.replace(place, number, bytes);
  }
  t.deepEqual(failuresOf(rig.judged()), ['step.1.hop.2 transport.checksum']);
});
test('an address', fails, altered(toRs1, 1, {source: '203.0.113.2'}), 'step.4.hop.3 ip.src');
test(
  'the TTL of a packet that a node made',
  fails,
  altered(['director eth0', 'router eth1'], 2, {ttl: 63}),
  'step.1.cause.1.hop.1 ip.ttl',
  'step.1.cause.1.hop.2 ip.ttl',
);
test(
  'a byte of the payload',
  fails,
  rig => {
    for (const place of toClient) {
      const bytes = rig.bytesAt(place, 4);
      bytes[bytes.length - 1] = 0;
      rig.replace(place, 4, bytes);
    }
  },
  'step.6.hop.3 path',
  'nothing-else path',
);
test(
  'a checksum that was good and is not any more',
  fails,
  rig => {
    for (const place of toRs1) {
      const bytes = rig.bytesAt(place, 1);
      bytes[14 + 20 + 16] = (bytes[14 + 20 + 16] ?? 0) ^ 1;
      rig.replace(place, 1, bytes);
    }
  },
  'step.4.hop.3 transport.checksum',
);
test(
  'a packet that does not come',
  fails,
  rig => {
    for (const place of toRs1) rig.remove(place, 1);
  },
  'step.4.hop.3 path',
);
test(
  'a packet that no node makes though it should',
  fails,
  rig => {
    for (const place of ['director eth0', 'router eth1', ...toClient]) rig.remove(place, 2);
  },
  'step.1.cause.1.hop.1 path',
  'step.1.cause.1.hop.2 judged',
);
test(
  'a packet that nobody expects',
  fails,
  rig => {
    const bytes = rig.bytesAt('rs1 eth0', 2);
    rig.see(bytes, 'rs1 eth0', 'director eth1');
  },
  'nothing-else path',
);
test(
  'a packet that goes on where its path ends',
  fails,
  rig => {
    const [frame] = rig.frames.get('director eth0') ?? [];
    rig.time = (frame?.time ?? 0n) + 10_000n;
    const before = rig.bytesAt('director eth0', 1);
    rig.carry(before, ['director', 'rs1'], {ttl: 62});
    for (const place of toRs1) rig.frames.get(place)?.sort((a, b) => Number(a.time - b.time));
  },
  'step.1.hop.2 path',
);

const entry = {client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'ESTABLISHED'};
const listed =
  (text: string, ...entries: readonly (typeof entry)[]) =>
  (rig: ExchangeRig) =>
    rig.list(text, entries);
test(
  'an entry in another state',
  fails,
  listed('step-5-entries', {...entry, state: 'SYN_RECV'}),
  'step.5.entries entry',
  'step.5.entries entry',
);
test('an entry that is not there', fails, listed('step-5-entries'), 'step.5.entries entry');
test(
  'an entry where there must be none',
  fails,
  listed('step-2-entries', entry),
  'step.2.entries entry',
);
test(
  'no listing at all is not one without entries',
  fails,
  rig => rig.texts.set('director step-2-entries', ''),
  'step.2.entries entry',
);

test('a sysctl that is not as the lab set it is told as the cause of a failure, and is none of its own', t => {
  const rig = made();
  const after = rig.expected.sysctls.at(-1);
  rig.texts.set(`director ${after?.text}`, 'net.ipv4.vs.sloppy_tcp = 0\n');
  t.deepEqual(rig.judged().diagnoses, []);
  rig.list('step-5-entries', []);
  t.deepEqual(
    rig.judged().diagnoses.map(({cause, evidence}) => [cause, evidence]),
    [['other-sysctl', ['director at step 3: net.ipv4.vs.sloppy_tcp = 0']]],
  );
});

const doubted = test.macro((t, spoil: (rig: ExchangeRig) => void, reason: RegExp) => {
  const rig = made();
  spoil(rig);
  const {verdict, reasons} = rig.judged();
  t.is(verdict, 'INCONCLUSIVE');
  t.regex(reasons.join('\n'), reason);
});
test(
  'a frame that one end of a link alone has is a lost one',
  doubted,
  rig => {
    rig.remove('rs1 eth0', 1);
  },
  /rs1/,
);
test(
  'a frame that was sent and is in no capture was not captured',
  doubted,
  rig => {
    for (const place of ['rs1 eth0', 'director eth1']) rig.remove(place, 2);
    for (const place of ['director eth0', 'router eth1', ...toClient]) rig.remove(place, 4);
  },
  /step 6: a frame that was sent is in no capture/,
);
test(
  'frames that tcpdump dropped',
  doubted,
  rig => {
    rig.record('rs1 eth0').droppedByKernel = 1;
  },
  /rs1/,
);
test(
  'a step that began before the one before it had ended proves nothing',
  doubted,
  rig => {
    // The RST comes to the client when the segment of step 4 is on its way already.
    for (const place of toClient) {
      const frames = rig.frames.get(place) ?? [];
      const [first, rst, segment, ...rest] = frames;
      if (first === undefined || rst === undefined || segment === undefined) return;
      const late = {...rst, time: segment.time + 10_000n};
      rig.frames.set(
        place,
        [first, segment, late, ...rest].map((frame, i) => ({...frame, number: i + 1})),
      );
    }
  },
  /step 4 began .* before another had ended/,
);
