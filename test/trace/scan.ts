import test from 'ava';
import {essenceOf} from '../../src/trace/essence.ts';
import {newOutline, outlineOf} from '../../src/trace/outline.ts';
import {scan} from '../../src/trace/scan.ts';
import {decode} from '../../src/wire/decode.ts';
import {links} from '../../src/wire/frame-table.ts';
import {innermostIp} from '../../src/wire/packet.ts';
import {goodRun} from '../support/good-run.ts';
import {modes} from '../support/legs.ts';
import {corpus} from '../wire/support/corpus.ts';

/** Ports behind which the decoder reads on. */
const decodedPorts = [6080, 8848];

const frames = [
  ...corpus.map(({bytes}) => ({bytes, linkType: 'ethernet' as const})),
  ...modes.flatMap(mode =>
    goodRun(mode)
      .captures()
      .flatMap(capture => [...capture.frames]),
  ),
];

/** A small linear congruential generator: the same numbers in every run of the test. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31);
}

test('a scan reads what the decoder reads, and leaves to it what it does not read', t => {
  const random = generator(7);
  let scanned = 0;
  for (let round = 0; round < 60; round++)
    for (const {bytes: whole, linkType} of frames) {
      const bytes = Uint8Array.from(whole);
      // The first round is unchanged; later ones spoil a byte of the headers, and some cut the frame.
      if (round > 0) bytes[random() % Math.min(bytes.length, 90)] = random() % 256;
      const length = round % 3 === 2 ? random() % bytes.length : bytes.length;
      // A frame stands anywhere in its buffer, and what is around it must not matter.
      const buffer = new Uint8Array(length + 14).fill(0x45);
      buffer.set(bytes.subarray(0, length), 7);
      const seen = newOutline();
      const data = new DataView(buffer.buffer);
      if (!scan(data, 7, 7 + length, links[linkType], decodedPorts, seen)) continue;
      scanned++;
      const frame = {bytes: bytes.slice(0, length), linkType, originalLength: whole.length};
      const packet = decode(frame);
      const ip = innermostIp(packet);
      const expected = newOutline();
      if (ip === undefined) t.fail('the decoder finds no IP header');
      else outlineOf(packet, ip, 7, expected);
      t.deepEqual(seen, expected);
    }
  t.true(scanned > 1000, `${scanned} scanned`);
});

test('of good runs, a scan reads every packet of the flow but GRE and GUE', t => {
  for (const mode of modes)
    for (const {node, interface: name, frames: seen} of goodRun(mode).captures())
      for (const frame of seen) {
        const packet = decode(frame);
        const sighting = {node, interface: name, frame, packet};
        const decoded = packet.headers.some(({kind}) => kind === 'gre' || kind === 'gue');
        const data = new DataView(
          frame.bytes.buffer,
          frame.bytes.byteOffset,
          frame.bytes.byteLength,
        );
        t.is(
          scan(data, 0, frame.bytes.length, links[frame.linkType], decodedPorts, newOutline()),
          essenceOf(sighting) !== undefined && !decoded,
        );
      }
});
