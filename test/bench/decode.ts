import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {z} from 'zod';
import {writePcap} from '../../src/wire/pcap.ts';
import {inSeconds, median, repeat, spread, timed, times, type Measurement} from './measurement.ts';
import {writeFollowed} from './support/followed.ts';
import {makeTraffic, topology} from './support/traffic.ts';

const frames = 1_000_000;
const rounds = 2;
const follower = fileURLToPath(new URL('support/follow.ts', import.meta.url));

/** What following needs of a frame. */
const fields =
  'eth.src eth.dst ip.src ip.dst ip.id ip.ttl tcp.srcport tcp.dstport tcp.seq tcp.ack tcp.flags';

/** Milliseconds of each part of one run, and what was found. */
const phases = z.object({
  start: z.number(),
  read: z.number(),
  decode: z.number(),
  follow: z.number(),
  objects: z.number(),
  cpu: z.number(),
  connections: z.number(),
  hops: z.number(),
  unsure: z.number(),
});

/** Decode and follow against tshark and tcpdump, whole processes, on the same frames. */
export const decode: Measurement = {
  name: 'decode',
  title: `Decode and follow: ${frames.toLocaleString('en')} frames`,
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'lvslab-bench-'));
    try {
      say('making the captures');
      const all = join(folder, 'all.pcap');
      const made = writeCaptures(folder, all);
      // What the last run of each said.
      const said = new Map<string, string>();
      const seconds = (what: string, command: string, args: readonly string[], quiet = true) => {
        say(`${rounds} times ${what}`);
        return repeat(rounds, async () => {
          const [taken, {stdout}] = await timed(() =>
            execa(command, args, {stdout: quiet ? 'ignore' : 'pipe'}),
          );
          said.set(what, stdout ?? '');
          return taken;
        });
      };
      const asked = fields.split(' ').flatMap(field => ['-e', field]);
      const tshark = await seconds('tshark', 'tshark', ['-n', '-r', all, '-T', 'fields', ...asked]);
      const tcpdump = await seconds('tcpdump', 'tcpdump', ['-n', '-r', all]);
      const lvslab = (what: string, ...more: readonly string[]) => {
        const node = ['--import=tsx', follower, folder];
        return seconds(what, process.execPath, [...node, ...more], false);
      };
      const follow = await lvslab('follow');
      const decodeOnly = await lvslab('decode', 'decode');
      const whole = phases.parse(JSON.parse(said.get('follow') ?? ''));
      const part = phases.parse(JSON.parse(said.get('decode') ?? ''));
      if (whole.connections !== made.connections || whole.unsure > 0)
        throw new Error(
          `followed ${whole.connections} of ${made.connections} connections, ${whole.unsure} frames unsure`,
        );
      const row = (
        what: string,
        ours: readonly number[],
        name: string,
        theirs: readonly number[],
      ) => ({
        what,
        ours: spread(ours),
        against: `${name}: ${spread(theirs)}`,
        ratio: times(median(ours), median(theirs)),
        target: '',
      });
      const following = row('decode + follow', follow, '`tshark -T fields`', tshark);
      return {
        rows: [
          {...following, target: 'at most 0.10 x', met: median(follow) <= median(tshark) / 10},
          row('decode + follow', follow, '`tcpdump -r`', tcpdump),
          row('decode alone', decodeOnly, '`tshark -T fields`', tshark),
          row('decode alone', decodeOnly, '`tcpdump -r`', tcpdump),
        ],
        notes: [
          `${made.connections} HTTP connections over direct routing as five interfaces see them; for lvslab a file for each interface, for the others one file. Whole processes, the start of Node included; lvslab is handed the resolved topology as JSON. tshark gives ${fields.replaceAll(' ', ', ')} of each frame and follows nothing. lvslab reads the same fields of each different frame in a network, finds the ${whole.hops} crossings by comparing all bytes, chains them into paths and connections and makes an object of each path and crossing. It does not decode a plain frame into layers, check its checksums or name its rewrites until a check or a report asks for that: "decode alone" is the full decoder on every frame, checksums included, and following does not wait for it.`,
          `Where the time goes, one run: to the first line ${inSeconds(whole.start / 1000)} (Node and tsx), reading ${inSeconds(whole.read / 1000)}, following ${inSeconds(whole.follow / 1000)} (${((whole.follow * 1000) / made.frames).toFixed(1)} µs a frame), making the objects ${inSeconds(whole.objects / 1000)}; ${inSeconds(whole.cpu / 1000)} of processor time in all. Decoding every frame in full takes ${inSeconds(part.decode / 1000)} (${((part.decode * 1000) / made.frames).toFixed(1)} µs a frame). Following is columns of numbers: of its processor time about a third is grouping equal frames, another third scanning packets and finding those that are the same, and the rest is ordering and linking. Of the whole process about a fifth is the start of Node and tsx, a tenth reading the files, and an eighth the objects of paths and crossings.`,
        ],
      };
    } finally {
      rmSync(folder, {recursive: true, force: true});
    }
  },
};

/** Writes the captures, for each interface and for all, and forgets the frames: the measured processes need the memory. */
function writeCaptures(folder: string, all: string) {
  mkdirSync(folder, {recursive: true});
  const traffic = makeTraffic(frames);
  writeFollowed(folder, topology, traffic);
  writeFileSync(all, writePcap(traffic.all, 'ethernet'));
  return {connections: traffic.connections, frames: traffic.all.length};
}
