// Reads the captures in a folder, decodes or follows every frame, and says how long each took (ms, JSON).
import {traceRun} from '../../../src/trace/run.ts';
import {decode} from '../../../src/wire/decode.ts';
import {readFollowed} from './followed.ts';

const onlyDecode = process.argv[3] === 'decode';
const started = performance.now();
const {topology, captures} = readFollowed(process.argv[2] ?? '.');
const read = performance.now();
if (onlyDecode) for (const {frames} of captures) for (const frame of frames) decode(frame);
const decoded = performance.now();
const {flows, other, ambiguities} = traceRun(topology, onlyDecode ? [] : captures);
const followed = performance.now();
// The hops are counted on the objects of all paths, so that every one is made.
const hops = flows
  .flatMap(({paths}) => paths)
  .reduce((sum, {crossings}) => sum + crossings.length, 0);
const done = performance.now();
const {user, system} = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    start: started,
    read: read - started,
    decode: decoded - read,
    follow: followed - decoded,
    objects: done - followed,
    cpu: (user + system) / 1000,
    connections: flows.length,
    hops,
    unsure: other.length + ambiguities.length,
  }),
);
