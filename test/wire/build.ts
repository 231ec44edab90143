import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {payloadBytes} from '../../src/wire/packet.ts';
import type {Header} from '../../src/wire/types.ts';
import {corpus} from './support/corpus.ts';
import {eth, hex, ip4, ip6, seeded, tcp, text, udp, whole} from './support/frames.ts';

type Random = (below: number) => number;

const bytesOf = (random: Random, length: number) => Uint8Array.from({length}, () => random(256));
const address4 = (random: Random) => bytesOf(random, 4).join('.');
/** No group of zeros, so that the text is canonical without shortening. */
const address6 = (random: Random) =>
  Array.from({length: 8}, () => (1 + random(0xffff)).toString(16)).join(':');
const macOf = (random: Random) => (text(bytesOf(random, 6)).match(/../g) ?? []).join(':');
const flagsOf = (random: Random) => [...'SFRP.UEW'].filter(() => random(2) === 1).join('');

/** Random layers with every field set but lengths, next protocols and checksums, which the builder computes. */
function randomLayers(random: Random): readonly Layer[] {
  const ip = (): Layer =>
    random(2) === 0
      ? {
          kind: 'ipv4',
          source: address4(random),
          destination: address4(random),
          ttl: random(256),
          tos: random(256),
          id: random(65536),
          dontFragment: random(2) === 1,
          moreFragments: false,
          fragmentOffset: 0,
          options: bytesOf(random, 4 * random(11)),
        }
      : {
          kind: 'ipv6',
          source: address6(random),
          destination: address6(random),
          hopLimit: random(256),
          trafficClass: random(256),
          flowLabel: random(1 << 20),
        };
  const optional = () => (random(2) === 0 ? undefined : random(2 ** 32));
  const tunnel = (): readonly Layer[] =>
    [
      (): readonly Layer[] => [],
      (): readonly Layer[] => [
        {kind: 'gre', hasChecksum: random(2) === 1, key: optional(), sequence: optional()},
      ],
      (): readonly Layer[] => [
        {kind: 'udp', sourcePort: random(65536), destinationPort: 6080},
        {
          kind: 'gue',
          version: 0,
          control: false,
          flags: random(65536),
          optionBytes: bytesOf(random, 4 * random(32)),
        },
      ],
    ][random(3)]?.() ?? [];
  const vlans = Array.from({length: random(3)}, (): Layer => ({
    kind: 'vlan',
    id: random(4096),
    priority: random(8),
  }));
  const tunnels = Array.from({length: random(3)}, () => [ip(), ...tunnel()]).flat();
  const transports: readonly Layer[] = [
    {
      kind: 'tcp',
      sourcePort: random(65536),
      destinationPort: random(65536),
      sequence: random(2 ** 32),
      acknowledgement: random(2 ** 32),
      flags: flagsOf(random),
      window: random(65536),
      urgent: random(65536),
      // Multiples of four bytes, so that no padding is read as an option.
      options: Array.from({length: random(4)}, () => ({
        type: 2 + random(254),
        data: bytesOf(random, random(2) === 0 ? 2 : 6),
      })),
    },
    {kind: 'udp', sourcePort: random(65536), destinationPort: 1 + random(6000)},
    {kind: 'icmp', type: 8, code: random(256), rest: random(2 ** 32)},
    {kind: 'icmpv6', type: 128, code: random(256), rest: random(2 ** 32)},
  ];
  const transport = transports[random(transports.length)] ?? udp;
  const ethernet: Layer = {kind: 'ethernet', source: macOf(random), destination: macOf(random)};
  return [ethernet, ...vlans, ...tunnels, ip(), transport];
}

/** The fields of a decoded header that the layer gave, undefined ones left out. */
function given(layer: Layer, header: Header | undefined): unknown {
  const names = new Set(
    Object.entries(layer)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name),
  );
  return Object.fromEntries(Object.entries(header ?? {}).filter(([name]) => names.has(name)));
}

test('decoding what was built gives the same fields, good checksums and the payload', t => {
  const random = seeded(1);
  for (let i = 0; i < 2_000; i++) {
    const layers = randomLayers(random);
    const payload = bytesOf(random, random(100));
    const bytes = build(layers, payload);
    const packet = decode(whole(bytes));
    const note = `iteration ${i}: ${text(bytes)}`;
    t.is(packet.stop, undefined, note);
    t.is(packet.headers.length, layers.length, note);
    for (const [n, layer] of layers.entries()) {
      const header = packet.headers[n];
      const defined = Object.fromEntries(
        Object.entries(layer).filter(([, value]) => value !== undefined),
      );
      t.deepEqual(given(layer, header), defined, note);
      if (header !== undefined && 'checksum' in header)
        t.is(header.checksum, header.kind === 'gre' && !header.hasChecksum ? 'none' : 'good', note);
    }
    t.deepEqual(payloadBytes(bytes, packet), payload, note);
  }
});

test('the known packet of a textbook is built byte for byte', t => {
  const bytes = build(
    [
      {
        kind: 'ipv4',
        source: '192.168.0.1',
        destination: '192.168.0.199',
        dontFragment: true,
        protocol: 17,
      },
    ],
    new Uint8Array(95),
  );
  t.is(text(bytes.subarray(0, 20)), '45000073000040004011b861c0a80001c0a800c7');
});

test('what is given overrules what would be computed', t => {
  const bytes = build([
    {...eth, etherType: 0x0806},
    {...ip4, totalLength: 9, protocol: 200, checksum: 0xabcd},
    {...udp, datagramLength: 77, checksum: 0x1234},
  ]);
  t.is(text(bytes.subarray(12, 14)), '0806');
  t.is(text(bytes.subarray(16, 18)), '0009');
  t.is(text(bytes.subarray(23, 26)), 'c8abcd');
  t.is(text(bytes.subarray(38, 42)), '004d1234');
});

test('a UDP checksum that computes to 0 is sent as ffff', t => {
  for (const ip of [ip4, ip6]) {
    const datagram = build([ip, udp], Uint8Array.of(0, 0));
    const checksum = datagram.subarray(-4, -2);
    const zero = build([ip, udp], checksum);
    t.is(text(zero.subarray(-4, -2)), 'ffff');
    const udpHeader = decode(whole(zero, 'raw')).headers[1];
    t.like(udpHeader, {checksum: 'good', checksumField: 0xffff});
  }
});

test('frames are padded only when asked to', t => {
  t.is(build([eth, ip4, udp]).length, 42);
  t.is(build([{...eth, padTo: 60}, ip4, udp]).length, 60);
  t.is(build([{...eth, padTo: 60}, ip4, udp], new Uint8Array(100)).length, 142);
});

test('all samples of the corpus are different', t => {
  t.is(new Set(corpus.map(({bytes}) => text(bytes))).size, corpus.length);
});

const refused = test.macro((t, layers: readonly Layer[], what: RegExp, value: string) => {
  const error = t.throws(() => build(layers), {instanceOf: InputError});
  t.regex(error.problems[0]?.what ?? '', what);
  t.is(error.problems[0]?.value, value);
  t.truthy(error.problems[0]?.next);
});

test(
  'a bad MAC is refused',
  refused,
  [{...eth, source: '2:0:0:0:0:1'}, ip4, tcp],
  /MAC/,
  '2:0:0:0:0:1',
);
test(
  'a bad address is refused',
  refused,
  [{...ip4, source: '192.0.2.256'}, tcp],
  /IP address/,
  '192.0.2.256',
);
test(
  'an octal address is refused',
  refused,
  [{...ip4, source: '010.0.0.1'}, tcp],
  /IP address/,
  '010.0.0.1',
);
test(
  'a zone is refused',
  refused,
  [{...ip6, source: 'fe80::1%eth0'}, tcp],
  /IP address/,
  'fe80::1%eth0',
);
test(
  'an IPv6 address in an ipv4 layer is refused',
  refused,
  [{...ip4, source: '::1'}, tcp],
  /other family/,
  '::1',
);
test(
  'an IP layer before nothing needs its protocol',
  refused,
  [eth, ip4],
  /protocol of the ipv4 layer/,
  'no layer',
);
test(
  'ARP does not follow IP',
  refused,
  [eth, ip4, {kind: 'vlan', id: 1}, ip4, tcp],
  /protocol of the ipv4 layer/,
  'vlan',
);

test('a payload may follow an explicit protocol', t => {
  t.is(text(build([{...ip4, protocol: 112}], hex('21')).subarray(20)), '21');
});
