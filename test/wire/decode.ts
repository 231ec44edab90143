import {readFile} from 'node:fs/promises';
import test from 'ava';
import {decode} from '../../src/wire/decode.ts';
import {readPcap} from '../../src/wire/pcap.ts';
import type {LinkType, Packet} from '../../src/wire/types.ts';
import {ours, theirs} from './support/compare.ts';
import {corpus, gue, type Sample} from './support/corpus.ts';
import {kinds, seeded, whole} from './support/frames.ts';
import {dissect} from './support/tshark.ts';

/** Real frames of Linux: ARP, neighbour discovery, TCP, refused and fragmented UDP with its ICMP errors. */
const linux = readPcap(
  await readFile(new URL('support/linux.pcap', import.meta.url)),
  'linux.pcap',
).frames;

const sameAsTshark = test.macro(
  async (t, samples: readonly Sample[], linkType: LinkType, least: number) => {
    t.true(samples.length >= least);
    const dissected = await dissect(
      samples.map(({bytes}) => bytes),
      linkType,
    );
    t.is(dissected.length, samples.length);
    for (const [i, {name, bytes}] of samples.entries()) {
      const packet = decode(whole(bytes, linkType));
      const layers = dissected[i] ?? [];
      const expected = ours(packet);
      t.deepEqual(expected, theirs(layers, expected), name);
      if (packet.headers.at(-1)?.kind === 'tcp') {
        const tcp = layers.findLast(({protocol}) => protocol === 'tcp');
        t.is(tcp?.fields.get('tcp.len')?.[0], `${packet.payload.length}`, `${name}: payload`);
      }
    }
  },
);

test('every header of the corpus is as tshark dissects it', sameAsTshark, corpus, 'ethernet', 80);

test('the outer headers of GUE are as tshark dissects them', async t => {
  const dissected = await dissect(
    gue.map(({bytes}) => bytes),
    'ethernet',
  );
  for (const [i, {name, bytes}] of gue.entries()) {
    const expected = ours(decode(whole(bytes)));
    t.is(expected.at(-1)?.protocol, 'udp');
    t.deepEqual(expected, theirs(dissected[i] ?? [], expected), name);
  }
});

test(
  'what GUE carries is as tshark dissects it on its own',
  sameAsTshark,
  gue.map(({name, inner}) => ({name, bytes: inner})),
  'raw',
  20,
);

test('what GUE carries is decoded as on its own', t => {
  for (const {name, bytes, inner} of gue) {
    const packet = decode(whole(bytes));
    const alone = decode(whole(inner, 'raw'));
    const shift = bytes.length - inner.length;
    const from = packet.headers.findIndex(({kind}) => kind === 'gue') + 1;
    t.true(from > 0, name);
    const shifted = packet.headers
      .slice(from)
      .map(header => ({...header, offset: header.offset - shift}));
    t.deepEqual(shifted, [...alone.headers], name);
  }
});

test(
  'real frames of Linux are as tshark dissects them',
  sameAsTshark,
  linux.map(({number, bytes}) => ({name: `frame ${number}`, bytes})),
  'ethernet',
  48,
);

test('every checksum of the real frames is good, but none in fragments', t => {
  for (const frame of linux) {
    const packet = decode(frame);
    const fragmented = packet.headers.some(
      header =>
        (header.kind === 'ipv4' && header.moreFragments) ||
        (header.kind === 'ipv6' && header.fragment !== undefined),
    );
    for (const header of packet.headers)
      if ('checksum' in header)
        t.is(
          header.checksum,
          fragmented && header.kind !== 'ipv4' ? 'none' : 'good',
          `frame ${frame.number}, ${header.kind}`,
        );
  }
});

/** Every header and payload lies in the frame, headers stand in order, and a stop has a reason. */
function wellFormed(packet: Packet, length: number): boolean {
  let at = 0;
  for (const header of packet.headers) {
    if (header.offset < at || header.offset + header.length > length) return false;
    at = header.offset + header.length;
    if ('quoted' in header && header.quoted !== undefined && !wellFormed(header.quoted, length))
      return false;
  }
  const {payload, stop} = packet;
  if (stop !== undefined && (stop.reason === '' || stop.offset > length)) return false;
  return payload.length >= 0 && payload.offset + payload.length <= length;
}

test('a cut at any length leaves what could be read, with a reason and no checked checksum', t => {
  for (const {name, bytes} of [...corpus, ...gue]) {
    const complete = decode(whole(bytes));
    for (let kept = 0; kept < bytes.length; kept++) {
      const frame = {
        bytes: bytes.subarray(0, kept),
        linkType: 'ethernet',
        originalLength: bytes.length,
      } as const;
      const packet = decode(frame);
      const note = `${name}, ${kept} of ${bytes.length} bytes`;
      if (!wellFormed(packet, kept)) t.fail(note);
      if (!kinds(complete).startsWith(kinds(packet))) t.fail(`${note}: other headers`);
      const lost = complete.headers.length > packet.headers.length;
      if (lost && packet.stop === undefined) t.fail(`${note}: headers lost without a reason`);
      const ipEnd = complete.payload.offset + complete.payload.length;
      const checked = packet.headers.find(
        header => header.kind !== 'ipv4' && 'checksum' in header && header.checksum !== 'none',
      );
      if (kept < ipEnd && checked !== undefined)
        t.fail(`${note}: ${checked.kind} checksum checked`);
    }
  }
  t.pass();
});

test('20,000 random or damaged frames are decoded without throwing', t => {
  const random = seeded(20261123);
  const samples = [...corpus, ...gue];
  for (let i = 0; i < 20_000; i++) {
    const sample = samples[random(samples.length)]?.bytes ?? new Uint8Array();
    const bytes =
      i % 4 === 0
        ? Uint8Array.from({length: random(200)}, () => random(256))
        : sample.slice(0, random(3) === 0 ? random(sample.length + 1) : sample.length);
    for (let n = random(8); n > 0 && bytes.length > 0; n--)
      bytes[random(bytes.length)] = random(256);
    const linkType = random(5) === 0 ? 'raw' : 'ethernet';
    const frame = {bytes, linkType, originalLength: bytes.length + random(2) * 10} as const;
    const copy = bytes.slice();
    const packet = decode(frame);
    if (!wellFormed(packet, bytes.length))
      t.fail(`iteration ${i}: ${Buffer.from(bytes).toString('hex')}`);
    if (Buffer.compare(bytes, copy) !== 0) t.fail(`iteration ${i}: the frame was changed`);
  }
  t.pass();
});

test('a frame of nothing but VLAN tags does not overflow the stack', t => {
  const bytes = new Uint8Array(262_144).fill(0);
  for (let i = 12; i < bytes.length; i += 4) bytes[i] = 0x81;
  t.is(decode(whole(bytes)).headers.length, 1 + Math.floor((bytes.length - 14) / 4));
});

test('an empty frame says what is missing', t => {
  t.deepEqual(decode(whole(new Uint8Array())), {
    headers: [],
    payload: {offset: 0, length: 0},
    stop: {reason: 'ethernet header needs 14 bytes, 0 are there', offset: 0},
  });
});

test('raw frames that are no IP say so', t => {
  t.deepEqual(decode(whole(Uint8Array.of(0x10), 'raw')).stop, {
    reason: 'no IP packet: version 1',
    offset: 0,
  });
});

test('a lack of bytes names the cut', t => {
  const frame = {bytes: new Uint8Array(10), linkType: 'ethernet', originalLength: 60} as const;
  t.is(
    decode(frame).stop?.reason,
    "ethernet header needs 14 bytes, 10 are there (the capture kept 10 of the frame's 60)",
  );
});
