import {readFileSync} from 'node:fs';
import {median, type Measurement} from './measurement.ts';
import {guestOf, withLab, type Lab} from './support/lab.ts';

const rounds = 3;
const target = 300;

/** Private memory of forks at the end of a lab's work: of one alone, and of two that live at the same time. */
export const memory: Measurement = {
  name: 'memory',
  title: 'Memory of a fork',
  async run(say) {
    const {alone, two} = await withLab(say, async lab => {
      say('one run that is not counted: it makes the template');
      await lab.run();
      say(`${rounds} rounds, one fork and two at once`);
      const seen: {alone: Sizes[][]; two: Sizes[][]} = {alone: [], two: []};
      while (seen.two.length < rounds) {
        seen.alone.push(await together(lab, 1));
        seen.two.push(await together(lab, 2));
      }
      return seen;
    });
    const each = two.flat();
    const middle = (forks: readonly Sizes[], size: (one: Sizes) => number): string =>
      `${median(forks.map(size)).toFixed(0)} MiB`;
    const largest = Math.max(...each.map(({dirty, clean}) => dirty + clean));
    const row = (what: string, size: (one: Sizes) => number) => ({
      what: `${what}, each of two forks`,
      ours: `${middle(each, size)} (median of ${each.length})`,
      against: `one alone: ${middle(alone.flat(), size)}`,
      ratio: '',
      target: '',
    });
    const proportional = (forks: readonly Sizes[]): number =>
      forks.reduce((sum, one) => sum + one.proportional, 0);
    const further = median(two.map(proportional)) - median(alone.map(proportional));
    return {
      rows: [
        row('Private_Dirty', ({dirty}) => dirty),
        row('Private_Clean', ({clean}) => clean),
        {
          ...row('both together', ({dirty, clean}) => dirty + clean),
          target: `each under ${target} MiB`,
          met: largest < target,
        },
        {
          what: 'what a second fork costs: the growth of the sum of Pss',
          ours: `${further.toFixed(0)} MiB (medians of ${rounds})`,
          against: '',
          ratio: '',
          target: '',
        },
      ],
      notes: [
        `/proc/PID/smaps_rollup of QEMU when modes/dr has sent, captured and collected everything, and its guest is about to be closed; two forks of one template are looked at when both have come so far. The largest fork had ${largest.toFixed(0)} MiB.`,
        `Of the dirty memory ${middle(each, ({guest}) => guest)} are pages of the guest's memory that the guest wrote to since the template, ${middle(each, ({code}) => code)} are code that emulation translated (its cache may grow to ${each[0]?.cache ?? 'an unknown number of'} MiB; none of it under KVM), the rest is QEMU's own. Clean are pages of files, nearly all of them the template's memory, that no other process has mapped at that moment: they are page cache, which a further fork shares and the kernel takes back at need.`,
      ],
    };
  },
};

/** MiB. */
interface Sizes {
  readonly clean: number;
  readonly dirty: number;
  /** Pss: shared pages divided among those that share them. */
  readonly proportional: number;
  /** Of the dirty: the guest's memory, and the code that TCG translated (mapped rwx). */
  readonly guest: number;
  readonly code: number;
  /** What the cache of translated code may grow to; undefined under KVM. */
  readonly cache: string | undefined;
}

/** Runs the lab so many times at once, and looks at all forks when the last of them is done. */
async function together(lab: Lab, count: number): Promise<Sizes[]> {
  const pids: number[] = [];
  let sizes: Sizes[] = [];
  let release = (): void => {};
  const released = new Promise<void>(resolve => (release = resolve));
  await Promise.all(
    Array.from({length: count}, () =>
      lab
        .run({
          atEnd: place => {
            pids.push(guestOf(place).machine.qemu.pid);
            if (pids.length === count) {
              sizes = pids.map(sizesOf);
              release();
            }
            return released;
          },
        })
        // One that fails must not leave the others waiting for it.
        .finally(release),
    ),
  );
  return sizes;
}

/** proc_pid_smaps(5). */
function sizesOf(pid: number): Sizes {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const mappings = read('smaps').split(/^(?=[0-9a-f]+-)/m);
  const dirty = (head: RegExp): number =>
    mappings
      .filter(mapping => head.test(mapping))
      .reduce((sum, mapping) => sum + field(mapping, 'Private_Dirty'), 0);
  const rollup = read('smaps_rollup');
  return {
    clean: field(rollup, 'Private_Clean'),
    dirty: field(rollup, 'Private_Dirty'),
    proportional: field(rollup, 'Pss'),
    guest: dirty(/^.*\/ram\n/),
    code: dirty(/^\S+ rwxp /),
    cache: /tb-size=(\d+)/.exec(read('cmdline'))?.[1],
  };
}

const field = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
