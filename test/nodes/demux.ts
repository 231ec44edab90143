import test from 'ava';
import {Demux, type Piece} from '../../src/nodes/demux.ts';
import {frame} from './support/fake-engine.ts';

async function demux(chunks: readonly Buffer[]): Promise<Record<'stdout' | 'stderr', string>> {
  const stream = new Demux();
  const seen = {stdout: '', stderr: ''};
  const done = new Promise<void>((resolve, reject) =>
    stream.on('end', resolve).on('error', reject),
  );
  stream.on('data', (piece: Piece) => {
    seen[piece.stream] += piece.bytes.toString();
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await done;
  return seen;
}

const all = Buffer.concat([
  frame(1, Buffer.from('one ')),
  frame(2, Buffer.from('two ')),
  frame(1, Buffer.alloc(0)),
  frame(1, Buffer.from('three')),
]);

for (const size of [1, 3, 8, 9, all.length])
  test(`frames that come in chunks of ${size} bytes are put together`, async t => {
    const chunks = Array.from({length: Math.ceil(all.length / size)}, (_, index) =>
      all.subarray(index * size, (index + 1) * size),
    );
    t.deepEqual(await demux(chunks), {stdout: 'one three', stderr: 'two '});
  });

test('a hundred thousand tiny frames in one chunk pass', async t => {
  const tiny = Buffer.concat(Array.from({length: 100_000}, () => frame(1, Buffer.from('x'))));
  t.is((await demux([tiny])).stdout.length, 100_000);
});

test('a header that is none is an error', async t => {
  await t.throwsAsync(demux([Buffer.from('HTTP/1.1 500')]), {message: /bad frame header/});
});

test('a stream that ends within a frame is an error', async t => {
  await t.throwsAsync(demux([all.subarray(0, all.length - 1)]), {message: /within a frame/});
  await t.throwsAsync(demux([all.subarray(0, 3)]), {message: /within a frame/});
});
