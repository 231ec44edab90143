import {readFile} from 'node:fs/promises';
import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {readPcap, writePcap} from '../../src/wire/pcap.ts';
import {corpus} from './support/corpus.ts';

const frames = corpus.map(({bytes}, i) => ({
  bytes,
  originalLength: bytes.length,
  time: 1_763_870_000_123_456_789n + BigInt(i) * 1_000_000_007n,
}));

test('what is written is read back', t => {
  const capture = readPcap(writePcap(frames, 'ethernet'), 'a.pcap');
  t.deepEqual(capture, {
    linkType: 'ethernet',
    nanoseconds: true,
    snapLength: 262144,
    frames: frames.map((frame, i) => ({number: i + 1, linkType: 'ethernet', ...frame})),
  });
});

test('a file without frames is read', t => {
  const {frames: none, linkType} = readPcap(writePcap([], 'raw'), 'a.pcap');
  t.deepEqual(none, []);
  t.is(linkType, 'raw');
});

test('a Buffer gives plain Uint8Arrays, wherever in its memory it begins', t => {
  const written = writePcap(frames, 'ethernet');
  const pooled = Buffer.concat([Buffer.from('xyz'), written]).subarray(3);
  const read = readPcap(pooled, 'a.pcap').frames[0]?.bytes;
  t.deepEqual(read, frames[0]?.bytes);
  t.false(Buffer.isBuffer(read));
});

interface Form {
  littleEndian: boolean;
  magic: number;
  linkType: number;
  fraction: number;
}

/** A file with one frame of four bytes out of 60, snap length 4, written independently of writePcap. */
function file({littleEndian, magic, linkType, fraction}: Form): Uint8Array {
  const data = new DataView(new ArrayBuffer(24 + 16 + 4));
  const u32 = (at: number, value: number) => data.setUint32(at, value, littleEndian);
  u32(0, magic);
  data.setUint16(4, 2, littleEndian);
  data.setUint16(6, 4, littleEndian);
  u32(16, 4);
  u32(20, linkType);
  u32(24, 1_700_000_000);
  u32(28, fraction);
  u32(32, 4);
  u32(36, 60);
  data.setUint32(40, 0x45010203);
  return new Uint8Array(data.buffer);
}

const micro = {littleEndian: true, magic: 0xa1b2c3d4, linkType: 1, fraction: 5};

const reads = test.macro((t, form: Form, nanoseconds: boolean, time: bigint, linkType: string) => {
  const capture = readPcap(file(form), 'a.pcap');
  t.is(capture.nanoseconds, nanoseconds);
  t.is(capture.snapLength, 4);
  t.deepEqual<readonly unknown[], readonly unknown[]>(capture.frames, [
    {number: 1, time, linkType, bytes: Uint8Array.of(0x45, 1, 2, 3), originalLength: 60},
  ]);
});

for (const littleEndian of [true, false]) {
  const order = littleEndian ? 'little-endian' : 'big-endian';
  const form = {...micro, littleEndian};
  test(`${order} microseconds`, reads, form, false, 1_700_000_000_000_005_000n, 'ethernet');
  const nano = {...form, magic: 0xa1b23c4d};
  test(`${order} nanoseconds`, reads, nano, true, 1_700_000_000_000_000_005n, 'ethernet');
  for (const linkType of [101, 12])
    test(
      `${order} raw IP as ${linkType}`,
      reads,
      {...form, linkType},
      false,
      1_700_000_000_000_005_000n,
      'raw',
    );
  for (const [linkType, name] of [
    [113, 'sll'],
    [276, 'sll2'],
  ] as const)
    test(
      `${order} Linux cooked as ${linkType}`,
      reads,
      {...form, linkType},
      false,
      1_700_000_000_000_005_000n,
      name,
    );
}

test('every link type that is written is read back', t => {
  for (const linkType of ['ethernet', 'raw', 'sll', 'sll2'] as const)
    t.is(readPcap(writePcap(frames, linkType), 'a.pcap').linkType, linkType);
});

const refused = test.macro(
  (t, bytes: Uint8Array, what: string, value: string, valid: RegExp, next: RegExp) => {
    const error = t.throws(() => readPcap(bytes, 'run/client-eth0.pcap'), {instanceOf: InputError});
    const problem = error.problems[0];
    t.is(problem?.where, 'run/client-eth0.pcap');
    t.is(problem?.what, what);
    t.is(problem?.value, value);
    t.regex(problem?.valid?.join(', ') ?? '', valid);
    t.regex(problem?.next ?? '', next);
  },
);

const good = file(micro);
const changed = (at: number, ...bytes: number[]) => {
  const copy = good.slice();
  copy.set(bytes, at);
  return copy;
};
const damaged = /SIGINT/;

test(
  'an empty file is refused',
  refused,
  new Uint8Array(),
  'empty capture file at byte 0',
  '0 bytes',
  /at least 24 bytes/,
  damaged,
);
test(
  'three bytes are refused',
  refused,
  good.subarray(0, 3),
  'truncated pcap magic at byte 0',
  '3 bytes',
  /a1b2c3d4/,
  damaged,
);
test(
  'a cut file header is refused',
  refused,
  good.subarray(0, 23),
  'truncated pcap file header at byte 0',
  '23 bytes',
  /^24 bytes/,
  damaged,
);
test(
  'garbage is refused',
  refused,
  new TextEncoder().encode('not a capture file at all'),
  'not a pcap file: unknown magic at byte 0',
  '6e6f7420',
  /a1b2c3d4 .*a1b23c4d/,
  /editcap/,
);
test(
  'pcapng is refused by name',
  refused,
  Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0),
  'pcapng is not read, only pcap at byte 0',
  '0a0d0d0a',
  /a1b2c3d4/,
  /editcap/,
);
test(
  'another version is refused',
  refused,
  changed(4, 3, 0),
  'unsupported pcap version at byte 4',
  '3',
  /^2$/,
  /editcap/,
);
test(
  'the link type of a CAN bus is refused',
  refused,
  changed(20, 227),
  'unsupported link type at byte 20',
  '227',
  /1 \(Ethernet\).*113/,
  /tcpdump -L/,
);
test(
  'a cut frame header is refused',
  refused,
  good.subarray(0, 39),
  'truncated header of frame 1 at byte 24',
  '15 bytes',
  /^16 bytes/,
  damaged,
);
test(
  'a cut last frame is refused',
  refused,
  good.subarray(0, 43),
  'truncated frame 1 at byte 40',
  '3 bytes',
  /^4 bytes/,
  damaged,
);
test(
  'a frame longer than it was on the wire is refused',
  refused,
  changed(36, 3),
  'frame 1 holds more bytes than were on the wire at byte 36',
  '3 bytes on the wire',
  /^4 or more/,
  damaged,
);

test('a capture cut anywhere but between frames is refused', t => {
  const bytes = writePcap(frames.slice(0, 3), 'ethernet');
  const ends = new Set([24]);
  for (let i = 0, at = 24; i < 3; i++) ends.add((at += 16 + (frames[i]?.bytes.length ?? 0)));
  for (let length = 0; length <= bytes.length; length++) {
    const read = () => readPcap(bytes.subarray(0, length), 'a.pcap');
    if (ends.has(length)) t.notThrows(read);
    else t.throws(read, {instanceOf: InputError}, `${length} bytes`);
  }
});

test('a real file of tcpdump is read', async t => {
  const bytes = await readFile(new URL('support/linux.pcap', import.meta.url));
  const {frames: real, nanoseconds, snapLength} = readPcap(bytes, 'linux.pcap');
  t.is(real.length, 48);
  t.false(nanoseconds);
  t.is(snapLength, 262144);
  t.true(real.every((frame, i) => i === 0 || frame.time >= (real[i - 1]?.time ?? 0n)));
});
