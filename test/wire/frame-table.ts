import test from 'ava';
import {columnsOf} from '../../src/wire/frame-table.ts';
import {indexPcap, readPcap, writePcap} from '../../src/wire/pcap.ts';
import {corpus} from './support/corpus.ts';

const file = writePcap(
  corpus.map(({bytes}, i) => ({
    bytes,
    originalLength: bytes.length + (i % 2),
    time: 1_763_870_000_123_456_789n + BigInt(i) * 1_000_000_007n,
  })),
  'ethernet',
);

test('a table gives the frames that readPcap gives', t => {
  const {frames} = indexPcap(file, 'a.pcap');
  const list = readPcap(file, 'a.pcap').frames;
  t.is(frames.length, list.length);
  t.deepEqual([...frames], list);
  t.deepEqual(frames.at(2), list[2]);
  t.is(frames.at(list.length), undefined);
  t.is(frames.at(-1), undefined);
});

test('the columns of a list of frames say what those of its file say', t => {
  const list = readPcap(file, 'a.pcap').frames;
  const [ofList, ofFile] = [columnsOf(list), columnsOf(indexPcap(file, 'a.pcap').frames)];
  const bytes = ({bytes: all, starts, ends}: typeof ofList) =>
    [...starts].map((start, i) => Buffer.from(all.subarray(start, ends[i])).toString('hex'));
  t.deepEqual(bytes(ofList), bytes(ofFile));
  t.deepEqual(ofList.seconds, ofFile.seconds);
  t.deepEqual(ofList.nanoseconds, ofFile.nanoseconds);
  t.deepEqual(ofList.link, ofFile.link);
});
