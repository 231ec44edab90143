import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {z} from 'zod';
import {writePcap} from '../../src/wire/pcap.ts';
import {inSeconds, median, repeat, spread, timed, times, type Measurement} from './measurement.ts';
import {makeTraffic} from './support/traffic.ts';

const frames = 1_000_000;
const rounds = 3;
const follower = fileURLToPath(new URL('support/follow.ts', import.meta.url));

/** What following needs of a frame. */
const fields =
  'eth.src eth.dst ip.src ip.dst ip.id ip.ttl tcp.srcport tcp.dstport tcp.seq tcp.ack tcp.flags';

const phases = z.object({
  read: z.number(),
  decode: z.number(),
  follow: z.number(),
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
        const node = ['--max-old-space-size=8192', '--import=tsx', follower, folder];
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
          `${made.connections} HTTP connections over direct routing as five interfaces see them; for lvslab a file for each interface, for the others one file. Whole processes, the start of Node included. tshark gives ${fields.replaceAll(' ', ', ')} and follows nothing; lvslab checks every checksum, finds the ${whole.hops} crossings, chains them into paths and names every rewrite.`,
          `Where the time goes, one run: reading ${inSeconds(part.read / 1000)}, decoding ${inSeconds(part.decode / 1000)} (${((part.decode * 1000) / made.frames).toFixed(1)} µs a frame), decoding and following together ${inSeconds(whole.follow / 1000)} (${((whole.follow * 1000) / made.frames).toFixed(1)} µs a frame). The profile (node --cpu-prof, of 200,000 such frames) has 30 % of its samples in the garbage collector, as everything is kept until the trace is whole, then grouping and sorting of crossings in src/trace, each at about 8 % or less; hashing is 6 %. No single spot is worth a factor: ten times tshark would leave ${((median(tshark) * 1e5) / made.frames).toFixed(1)} µs a frame, so it would need other data structures than an object for each header, frame and crossing.`,
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
  for (const [name, seen] of traffic.byInterface)
    writeFileSync(join(folder, `${name}.pcap`), writePcap(seen, 'ethernet'));
  writeFileSync(all, writePcap(traffic.all, 'ethernet'));
  return {connections: traffic.connections, frames: traffic.all.length};
}
