import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {printPacket} from '../../src/wire/print.ts';
import {header, hex, ip4, ip6, kinds, text, whole} from './support/frames.ts';

const sctp = {kind: 'sctp', sourcePort: 40312, destinationPort: 80} as const;
const data = {
  kind: 'data',
  stream: 0,
  streamSequence: 1,
  payloadProtocol: 0,
  data: hex('aabbcc'),
} as const;
const read = (layers: readonly Layer[], payload?: Uint8Array) =>
  decode(whole(build(layers, payload), 'raw'));

test('the common header and the chunks are read in place: the payload is the whole packet', t => {
  const packet = read([ip4, {...sctp, verificationTag: 9, chunks: [{...data, tsn: 5}]}]);
  t.is(kinds(packet), 'ipv4 sctp');
  t.deepEqual(packet.payload, {offset: 20, length: 12 + 20});
  t.deepEqual(header(packet, 'sctp'), {
    kind: 'sctp',
    offset: 20,
    length: 12,
    sourcePort: 40312,
    destinationPort: 80,
    verificationTag: 9,
    checksum: 'good',
    chunks: [{...data, type: 0, flags: 3, offset: 32, length: 19, tsn: 5}],
  });
});

test('chunks that follow each other are all read, padding left out', t => {
  const chunks = [1, 2, 3].map(tsn => ({...data, tsn, data: new Uint8Array(tsn)}));
  const found = header(read([ip4, {...sctp, chunks}]), 'sctp').chunks;
  t.deepEqual(
    found.map(({offset, length}) => [offset, length]),
    [
      [32, 17],
      [52, 18],
      [72, 19],
    ],
  );
});

test('the known CRC of the polynomial is in the packet lowest byte first', t => {
  // RFC 3720 B.4: the CRC32c of 32 bytes of zeros stands on the wire as aa 36 91 8a. Such is this packet.
  const bytes = build(
    [
      {...ip4, protocol: 132},
      {...sctp, sourcePort: 0, destinationPort: 0},
    ],
    new Uint8Array(20),
  );
  t.is(text(bytes.subarray(28, 32)), 'aa36918a');
});

test('one wrong bit anywhere makes the checksum bad, but those of the addresses', t => {
  const bytes = build([ip6, {...sctp, chunks: [{...data, tsn: 1}]}]);
  for (let at = 8; at < bytes.length; at++) {
    const wrong = bytes.slice();
    wrong[at] = (wrong[at] ?? 0) ^ 1;
    const last = decode(whole(wrong, 'raw')).headers[1];
    t.like(last, {kind: 'sctp', checksum: at < 40 ? 'good' : 'bad'}, `byte ${at}`);
  }
});

test('a fragment has no checksum to check, and its chunk does not fit', t => {
  const packet = read([
    {...ip4, moreFragments: true},
    {...sctp, chunks: [{...data, tsn: 1, length: 1000}]},
  ]);
  t.like(header(packet, 'sctp'), {checksum: 'none', chunks: []});
  t.is(packet.stop?.reason, 'sctp DATA needs 1000 bytes, 20 are there');
});

const stops = test.macro((t, chunks: string, names: string, reason: string, offset: number) => {
  const packet = read([{...ip4, protocol: 132}, sctp], hex(chunks));
  t.is(
    header(packet, 'sctp')
      .chunks.map(({kind}) => kind)
      .join(' '),
    names,
  );
  t.deepEqual(packet.stop, {reason, offset});
});
test(
  'bytes too few for a chunk',
  stops,
  '0b000004 0b00',
  'cookie-ack',
  'sctp chunk header needs 4 bytes, 2 are there',
  36,
);
test(
  'a chunk shorter than its header',
  stops,
  '0b000003',
  '',
  "sctp COOKIE ACK length 3 is below its header's 4",
  32,
);
test(
  'a chunk shorter than its fixed part',
  stops,
  '01000008 00000001',
  '',
  "sctp INIT length 8 is below its fixed part's 20",
  32,
);
test(
  'a SACK with more blocks than bytes',
  stops,
  '03000010 00000001 00000001 0001 0000',
  '',
  "sctp SACK length 16 is below its blocks' 20",
  32,
);
test(
  'a parameter longer than its chunk',
  stops,
  '04000008 00010005',
  'heartbeat',
  'sctp parameter 1 does not fit in its chunk',
  36,
);
test(
  'a parameter of no length',
  stops,
  '04000008 00010000',
  'heartbeat',
  'sctp parameter 1 does not fit in its chunk',
  36,
);
test(
  'too few bytes for a parameter',
  stops,
  '04000006 0001',
  'heartbeat',
  'sctp parameter 1 does not fit in its chunk',
  36,
);

test('a last chunk without its padding is read', t => {
  const packet = read([{...ip4, protocol: 132}, sctp], hex('0a000005 07'));
  t.is(packet.stop, undefined);
  t.like(header(packet, 'sctp').chunks[0], {kind: 'cookie-echo', length: 5});
});

test('what is given overrules what would be computed', t => {
  const bytes = build([
    ip4,
    {...sctp, checksum: 0x01020304, chunks: [{...data, tsn: 1, length: 3}]},
  ]);
  t.is(text(bytes.subarray(28, 36)), '0102030400030003');
});

const prints = test.macro((t, layer: Layer, expected: string) => {
  t.is(printPacket(read([ip4, layer])), `192.0.2.10 > 198.51.100.80 ${expected}`);
});
test(
  'one chunk',
  prints,
  {...sctp, chunks: [{kind: 'shutdown-complete'}]},
  'sctp 40312 > 80 [SHUTDOWN COMPLETE]',
);
test(
  'two chunks, one of them unknown',
  prints,
  {
    ...sctp,
    chunks: [
      {...data, tsn: 1},
      {kind: 'other', type: 192, data: hex('00000001')},
    ],
  },
  'sctp 40312 > 80 [DATA, chunk 192]',
);
test(
  'no chunk, and a bad checksum',
  prints,
  {...sctp, checksum: 'bad'},
  'sctp 40312 > 80 [none] (bad checksum)',
);
