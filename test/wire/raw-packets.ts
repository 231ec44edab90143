import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {quote} from '../../src/wire/fragment.ts';
import {printPacket} from '../../src/wire/print.ts';
import {ours, theirs} from './support/compare.ts';
import {hex, ip4, ip6, outer4, tcp, udp, whole} from './support/frames.ts';
import {dissect} from './support/tshark.ts';

/** A packet that a lab sends raw because no socket sends it. */
interface Raw {
  readonly layers: readonly Layer[];
  readonly payload?: Uint8Array;
  /** As printed: what it is, and whether its checksums are good. */
  readonly line: string;
}

const to4 = '192.0.2.10 > 198.51.100.80';
const to6 = '2001:db8::a > 2001:db8:1::80';
const data = hex('01020304');
const echo = {kind: 'icmp', type: 8, rest: 0x00070001} as const;
const hopByHop = {type: 0, body: hex('01 04 00000000')};
const destinationOptions = {type: 60, body: hex('01 04 00000000')};
const offending4 = build(
  [
    {...outer4, ttl: 1},
    {...tcp, flags: 'P.'},
  ],
  new Uint8Array(1400),
);
const offending6 = build([ip6, tcp], new Uint8Array(1400));

const packets: Readonly<Record<string, Raw>> = {
  'an ACK without a connection': {
    layers: [ip4, {...tcp, flags: '.', sequence: 0x12345678, acknowledgement: 0x9abcdef0}],
    line: `${to4} tcp 40312 > 80 [.]`,
  },
  'data without a connection': {
    layers: [ip6, {...tcp, flags: 'P.', sequence: 7, acknowledgement: 9}],
    payload: data,
    line: `${to6} tcp 40312 > 80 [P.]`,
  },
  'a SYN from a given port': {
    layers: [ip4, {...tcp, sourcePort: 1, options: [{type: 2, data: hex('05b4')}]}],
    line: `${to4} tcp 1 > 80 [S]`,
  },
  'an RST': {layers: [ip4, {...tcp, flags: 'R'}], line: `${to4} tcp 40312 > 80 [R]`},
  'a segment with a bad checksum': {
    layers: [ip4, {...tcp, checksum: 'bad'}],
    line: `${to4} tcp 40312 > 80 [S] (bad checksum)`,
  },
  'a datagram with a bad checksum': {
    layers: [ip4, {...udp, checksum: 'bad'}],
    payload: data,
    line: `${to4} udp 40313 > 40999 (bad checksum)`,
  },
  'a datagram over IPv6 with a bad checksum': {
    layers: [ip6, {...udp, checksum: 'bad'}],
    line: `${to6} udp 40313 > 40999 (bad checksum)`,
  },
  'an echo request with a bad checksum': {
    layers: [ip4, {...echo, checksum: 'bad'}],
    line: `${to4} icmp echo request id 7 seq 1 (bad checksum)`,
  },
  'an IP header with a bad checksum': {
    layers: [{...ip4, checksum: 'bad'}, udp],
    line: `${to4} (bad checksum) udp 40313 > 40999`,
  },
  'a GRE header with a bad checksum': {
    layers: [outer4, {kind: 'gre', checksum: 'bad'}, ip4, udp],
    line: `203.0.113.1 > 203.0.113.21 gre (bad checksum) ${to4} udp 40313 > 40999`,
  },
  'hop-by-hop options': {
    layers: [{...ip6, extensions: [hopByHop]}, tcp],
    line: `${to6} tcp 40312 > 80 [S]`,
  },
  'eight bytes of destination options': {
    layers: [{...ip6, extensions: [destinationOptions]}, udp],
    line: `${to6} udp 40313 > 40999`,
  },
  'extension headers and a fragment header': {
    layers: [
      {
        ...ip6,
        extensions: [hopByHop, destinationOptions],
        fragment: {id: 5, offset: 0, more: true},
      },
      udp,
    ],
    payload: data,
    line: `${to6} frag 5 at 0+ udp 40313 > 40999`,
  },
  'a later fragment alone': {
    layers: [{...ip4, id: 5, fragmentOffset: 8, protocol: 17}],
    payload: data,
    line: `${to4} frag 5 at 8 ! fragment at byte 8: its transport header is in the first one`,
  },
  'fragmentation needed, with eight bytes of what it quotes': {
    layers: [ip4, {kind: 'icmp', type: 3, code: 4, rest: 1400}],
    payload: quote(offending4, 8),
    line: `${to4} icmp frag needed mtu 1400 (203.0.113.1 > 203.0.113.21 ! tcp header needs 20 bytes, 8 are there)`,
  },
  'time exceeded, with as much as Linux quotes': {
    layers: [ip4, {kind: 'icmp', type: 11}],
    payload: quote(offending4),
    line: `${to4} icmp time exceeded (203.0.113.1 > 203.0.113.21 tcp 40312 > 80 [P.])`,
  },
  'packet too big, with as much as fits': {
    layers: [ip6, {kind: 'icmpv6', type: 2, rest: 1280}],
    payload: quote(offending6),
    line: `${to6} icmpv6 packet too big mtu 1280 (${to6} tcp 40312 > 80 [S])`,
  },
  'an SCTP INIT': {
    layers: [
      ip4,
      {
        kind: 'sctp',
        sourcePort: 5000,
        destinationPort: 80,
        chunks: [
          {
            kind: 'init',
            initiateTag: 1,
            receiverWindow: 65536,
            outboundStreams: 1,
            inboundStreams: 1,
            initialTsn: 1,
            parameters: [],
          },
        ],
      },
    ],
    line: `${to4} sctp 5000 > 80 [INIT]`,
  },
  'an SCTP ABORT with a bad checksum': {
    layers: [
      ip6,
      {
        kind: 'sctp',
        sourcePort: 5000,
        destinationPort: 80,
        verificationTag: 1,
        checksum: 'bad',
        chunks: [{kind: 'abort', parameters: []}],
      },
    ],
    line: `${to6} sctp 5000 > 80 [ABORT] (bad checksum)`,
  },
};

const bytesOf = ({layers, payload}: Raw) => build(layers, payload);

for (const [name, raw] of Object.entries(packets))
  test(`${name} can be built`, t => {
    t.is(printPacket(decode(whole(bytesOf(raw), 'raw'))), raw.line);
  });

test('tshark sees in them what is meant, with the same states of checksums', async t => {
  const entries = Object.entries(packets);
  const dissected = await dissect(
    entries.map(([, raw]) => bytesOf(raw)),
    'raw',
  );
  for (const [i, [name, raw]] of entries.entries()) {
    const expected = ours(decode(whole(bytesOf(raw), 'raw')));
    const found = theirs(dissected[i] ?? [], expected);
    // Of a TCP header that a quote has cut, tshark shows what is there.
    t.deepEqual(expected, found.slice(0, expected.length), name);
  }
});

test('a bad checksum is wrong whatever the right one is, and never the 0 of UDP', t => {
  for (let word = 0; word < 0x10000; word += 7) {
    const payload = Uint8Array.of(word >>> 8, word);
    for (const transport of [tcp, udp]) {
      const bytes = build([ip4, {...transport, checksum: 'bad'}], payload);
      const [, header] = decode(whole(bytes, 'raw')).headers;
      if (header === undefined || !('checksum' in header) || header.checksum !== 'bad')
        t.fail(`${transport.kind} ${word}`);
    }
  }
  t.pass();
});
