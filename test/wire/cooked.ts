import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import type {CookedFields} from '../../src/wire/cooked.ts';
import {decode} from '../../src/wire/decode.ts';
import {printPacket} from '../../src/wire/print.ts';
import type {LinkType} from '../../src/wire/types.ts';
import {ours, theirs} from './support/compare.ts';
import {corpus} from './support/corpus.ts';
import {hex, ip4, ip6, kinds, seeded, tcp, text, udp, whole} from './support/frames.ts';
import {dissect} from './support/tshark.ts';

const sll = {kind: 'cooked', version: 1} as const;
const sll2 = {kind: 'cooked', version: 2} as const;
const address = '02:00:00:00:00:0a';

test('every field of version 1', t => {
  const bytes = build([{...sll, packetType: 4, hardwareType: 1, address}, ip4, tcp]);
  t.is(text(bytes.subarray(0, 16)), '0004 0001 0006 02000000000a 0000 0800'.replaceAll(' ', ''));
  t.deepEqual(decode(whole(bytes, 'sll')).headers[0], {
    kind: 'cooked',
    version: 1,
    offset: 0,
    length: 16,
    packetType: 4,
    hardwareType: 1,
    address,
    addressLength: 6,
    protocol: 0x0800,
  });
});

test('every field of version 2', t => {
  const layer = {...sll2, packetType: 2, hardwareType: 772, interfaceIndex: 0x01020304} as const;
  const bytes = build([layer, ip6, tcp]);
  t.is(
    text(bytes.subarray(0, 20)),
    '86dd 0000 01020304 0304 02 00 0000000000000000'.replaceAll(' ', ''),
  );
  t.deepEqual(decode(whole(bytes, 'sll2')).headers[0], {
    ...layer,
    offset: 0,
    length: 20,
    address: '',
    addressLength: 0,
    protocol: 0x86dd,
  });
});

test('an address longer than its eight bytes is cut, and its length says so', t => {
  for (const [layer, linkType] of [
    [sll, 'sll'],
    [sll2, 'sll2'],
  ] as const) {
    const bytes = build([
      {...layer, address: '01:02:03:04:05:06:07:08', addressLength: 16},
      ip4,
      udp,
    ]);
    t.like(decode(whole(bytes, linkType)).headers[0], {
      address: '01:02:03:04:05:06:07:08',
      addressLength: 16,
    });
  }
});

const layers: readonly (readonly [string, CookedFields, readonly Layer[]])[] = [
  ['ethernet', {...sll, address, packetType: 4}, [ip4, tcp]],
  ['ip6tnl', {...sll, hardwareType: 769, packetType: 0}, [ip6, tcp]],
  ['ip6gre', {...sll, hardwareType: 823}, [ip4, udp]],
  ['gre', {...sll, hardwareType: 778, packetType: 1}, [ip4, udp]],
  ['loopback', {...sll, hardwareType: 772, address: '00:00:00:00:00:00'}, [ip6, udp]],
  ['vlan', {...sll, address}, [{kind: 'vlan', id: 5}, ip4, udp]],
];
const asTshark = test.macro(async (t, version: 1 | 2, linkType: LinkType) => {
  const samples = layers.map(([, fields, inner]) => build([{...fields, version}, ...inner]));
  const dissected = await dissect(samples, linkType);
  t.is(dissected.length, layers.length);
  for (const [i, bytes] of samples.entries()) {
    const expected = ours(decode(whole(bytes, linkType)));
    t.deepEqual(expected, theirs(dissected[i] ?? [], expected), layers[i]?.[0]);
    t.is(expected.length, 1 + (layers[i]?.[2].length ?? 0));
  }
});
test('version 1 is as tshark dissects it', asTshark, 1, 'sll');
test('version 2 is as tshark dissects it', asTshark, 2, 'sll2');

test('the frames of the corpus are decoded behind a cooked header as behind Ethernet', t => {
  for (const {name, bytes} of corpus) {
    const [ethernet, ...rest] = decode(whole(bytes)).headers;
    if (ethernet?.kind !== 'ethernet') t.fail(name);
    else {
      const cooked = build([{...sll2, protocol: ethernet.etherType}], bytes.subarray(14));
      const [first, ...others] = decode(whole(cooked, 'sll2')).headers;
      t.is(first?.kind, 'cooked');
      t.deepEqual(
        others.map(({kind, length}) => `${kind} ${length}`),
        rest.map(({kind, length}) => `${kind} ${length}`),
        name,
      );
    }
  }
});

const stops = test.macro((t, fields: CookedFields, reason: string) => {
  const bytes = build([fields], hex('45'));
  const packet = decode(whole(bytes, fields.version === 1 ? 'sll' : 'sll2'));
  t.is(kinds(packet), 'cooked');
  t.is(packet.stop?.reason, reason);
});
test('LLC is told', stops, {...sll, protocol: 4}, 'Linux protocol 4 is not decoded');
test('LLDP is told', stops, {...sll2, protocol: 0x88cc}, 'EtherType 0x88cc is not decoded');
test(
  'netlink is told',
  stops,
  {...sll, hardwareType: 824, protocol: 0x0800},
  'protocols of ARPHRD type 824 are not decoded',
);

test('less than a header is told', t => {
  const bytes = new Uint8Array(19);
  t.is(
    decode(whole(bytes.subarray(4), 'sll')).stop?.reason,
    'cooked header needs 16 bytes, 15 are there',
  );
  t.is(decode(whole(bytes, 'sll2')).stop?.reason, 'cooked header needs 20 bytes, 19 are there');
});

test('5,000 damaged cooked frames are decoded without throwing', t => {
  const random = seeded(7);
  for (let i = 0; i < 5_000; i++) {
    const [, fields, inner] = layers[random(layers.length)] ?? ['', sll, []];
    const version = random(2) === 0 ? 1 : 2;
    const bytes = build([{...fields, version}, ...(inner.length === 0 ? [ip4, udp] : inner)]);
    for (let n = random(8); n > 0; n--) bytes[random(bytes.length)] = random(256);
    const kept = bytes.subarray(0, random(bytes.length + 1));
    const packet = decode(whole(kept, version === 1 ? 'sll' : 'sll2'));
    t.true(packet.payload.offset + packet.payload.length <= kept.length);
  }
});

test('the link layer is printed on demand', t => {
  const bytes = build([{...sll, packetType: 4, address}, ip4, tcp]);
  const packet = decode(whole(bytes, 'sll'));
  const line = '192.0.2.10 > 198.51.100.80 tcp 40312 > 80 [S]';
  t.is(printPacket(packet), line);
  const name = (mac: string) => (mac === address ? 'client' : undefined);
  t.is(printPacket(packet, {macs: true, name}), `sent from client ${line}`);
  const odd = decode(whole(build([{...sll, packetType: 9}, ip4, tcp]), 'sll'));
  t.is(printPacket(odd, {macs: true}), `packet type 9 ${line}`);
});
