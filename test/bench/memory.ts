import {readdirSync, readFileSync} from 'node:fs';
import {median, type Measurement} from './measurement.ts';
import {withLab} from './support/lab.ts';

const forks = 3;
const target = 300;

/** Private memory of a fork while a lab runs in it. */
export const memory: Measurement = {
  name: 'memory',
  title: 'Memory of a fork',
  async run(say) {
    const peaks = await withLab(say, async run => {
      const seen: Sizes[] = [];
      while (seen.length < forks) {
        let peak: Sizes = {clean: 0, dirty: 0, guest: 0, code: 0};
        const look = (): void => {
          for (const sizes of forkSizes()) if (sizes.dirty > peak.dirty) peak = sizes;
        };
        const timer = setInterval(look, 250);
        await run(say).finally(() => clearInterval(timer));
        seen.push(peak);
      }
      return seen;
    });
    const whole = median(peaks.map(({dirty, clean}) => dirty + clean));
    const part = (name: keyof Sizes): string =>
      `${median(peaks.map(one => one[name])).toFixed(0)} MiB`;
    return {
      rows: [
        {
          what: "private memory of QEMU at a lab's peak",
          ours: `${whole.toFixed(0)} MiB (median of ${forks})`,
          against: '',
          ratio: '',
          target: `under ${target} MiB`,
          met: whole < target,
        },
      ],
      notes: [
        `Private_Dirty and Private_Clean of /proc/PID/smaps, looked at every 250 ms while modes/dr runs alone. The fork's own (dirty) are ${part('dirty')}: ${part('guest')} are pages of the guest's memory that the guest wrote to since the template, ${part('code')} are code that emulation translated (its cache may grow to 256 MiB; none of it under KVM), the rest is QEMU's own. ${part('clean')} are clean pages of files, the template's memory among them: in the page cache once, and private only while no second QEMU maps them.`,
      ],
    };
  },
};

/** MiB. */
interface Sizes {
  readonly clean: number;
  readonly dirty: number;
  /** Of the dirty: the guest's memory, and the code that TCG translated (mapped rwx). */
  readonly guest: number;
  readonly code: number;
}

/** The private memory of each fork that this process started: the sums of proc_pid_smaps(5). */
function forkSizes(): Sizes[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        if (!new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status)) return [];
        // Guests in which a template is made write to its memory file: share=on.
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (!/qemu-system.*share=off/s.test(command)) return [];
        return [sizesOf(readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-)/m))];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

function sizesOf(mappings: readonly string[]): Sizes {
  const sum = (field: string, head = /^/): number =>
    mappings
      .filter(mapping => head.test(mapping))
      .map(mapping => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(mapping)?.[1] ?? 0))
      .reduce((total, one) => total + one / 1024, 0);
  return {
    clean: sum('Private_Clean'),
    dirty: sum('Private_Dirty'),
    guest: sum('Private_Dirty', /^.*\/ram\n/),
    code: sum('Private_Dirty', /^\S+ rwxp /),
  };
}
