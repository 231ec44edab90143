// Reads the captures in a folder, decodes and follows every frame, and says how long each took (ms, JSON).
import {traceRun} from '../../../src/trace/run.ts';
import {decode} from '../../../src/wire/decode.ts';
import {readCaptures, topology} from './traffic.ts';

const started = performance.now();
const captures = readCaptures(process.argv[2] ?? '.');
const read = performance.now();
if (process.argv[3] === 'decode')
  for (const {frames} of captures) for (const frame of frames) decode(frame);
const decoded = performance.now();
const {flows, other, ambiguities} =
  process.argv[3] === 'decode'
    ? {flows: [], other: [], ambiguities: []}
    : traceRun(topology, captures);
const done = performance.now();
process.stdout.write(
  JSON.stringify({
    read: read - started,
    decode: decoded - read,
    follow: done - decoded,
    connections: flows.length,
    hops: flows.flatMap(({paths}) => paths).reduce((sum, {crossings}) => sum + crossings.length, 0),
    unsure: other.length + ambiguities.length,
  }),
);
