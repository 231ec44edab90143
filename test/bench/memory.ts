import {readdirSync, readFileSync} from 'node:fs';
import {defaultKernel} from '../../src/host/image/kernel-table.ts';
import {loadLab, labFiles} from '../../src/lab/load.ts';
import {planLab} from '../../src/lab/plan.ts';
import {runPlan} from '../../src/lab/run.ts';
import {openSession} from '../../src/lab/session.ts';
import {median, type Measurement} from './measurement.ts';

const forks = 3;
const target = 300;

/** Private memory of a fork while a lab runs in it. */
export const memory: Measurement = {
  name: 'memory',
  title: 'Memory of a fork',
  async run(say) {
    const session = await openSession({
      host: 'guest',
      kernel: defaultKernel,
      env: process.env,
      progress: say,
    });
    try {
      const lab = await loadLab('modes/dr', labFiles());
      if (lab.kind !== 'lab') throw new Error('modes/dr is no lab');
      const plan = planLab(lab);
      const peaks: Sizes[] = [];
      while (peaks.length < forks) {
        let peak: Sizes = {dirty: 0, clean: 0};
        const look = (): void => {
          for (const sizes of forkSizes()) if (sizes.dirty > peak.dirty) peak = sizes;
        };
        const timer = setInterval(look, 250);
        const {verdict, error} = await runPlan(plan, session, say).finally(() =>
          clearInterval(timer),
        );
        if (verdict !== 'PASS') throw new Error(`modes/dr: ${verdict} ${error ?? ''}`);
        peaks.push(peak);
      }
      const whole = median(peaks.map(({dirty, clean}) => dirty + clean));
      const dirty = median(peaks.map(one => one.dirty));
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
          `Private_Dirty and Private_Clean of /proc/PID/smaps_rollup, looked at every 250 ms while modes/dr runs alone. ${dirty.toFixed(0)} MiB of it are the fork's own (dirty); the rest are pages of the template's memory file in the page cache, which count as private only while no second fork maps them.`,
        ],
      };
    } finally {
      await session.close();
    }
  },
};

/** MiB. */
interface Sizes {
  readonly dirty: number;
  readonly clean: number;
}

/** The private memory of each fork that this process started. */
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
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        const size = (field: string): number =>
          Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
        return [{dirty: size('Private_Dirty'), clean: size('Private_Clean')}];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}
