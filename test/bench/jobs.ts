import {runLabs} from '../e2e/support/cli.ts';
import {inSeconds, timed, times, type Measurement, type Row} from './measurement.ts';

/** All labs, one after the other and several at the same time. */
export const jobs: Measurement = {
  name: 'jobs',
  title: 'All labs with --jobs',
  async run(say) {
    say('one run that is not counted: it makes the templates');
    const {labs} = await passed([]);
    const rows: Row[] = [];
    let alone: number | undefined;
    for (const count of [1, 2, 3]) {
      say(`--jobs ${count}`);
      const [seconds] = await timed(() => passed(['--jobs', String(count)]));
      rows.push({
        what: `\`lvslab run --jobs ${count}\`: ${labs} labs without their counter-labs`,
        ours: inSeconds(seconds),
        against: alone === undefined ? '' : `--jobs 1: ${inSeconds(alone)}`,
        ratio: alone === undefined ? '' : times(seconds, alone),
        target: 'under 600 s',
        met: seconds < 600,
      });
      alone ??= seconds;
    }
    say('the modes');
    const [seconds] = await timed(() => passed(['modes']));
    rows.push({
      what: '`lvslab run modes`, as many at once as the machine suggests',
      ours: inSeconds(seconds),
      against: '',
      ratio: '',
      target: 'under 25 s',
      met: seconds < 25,
    });
    return {
      rows,
      notes: [
        'Each once, whole commands. A lab waits for a part of its time, for sums of the kernel or for timers: one lab more than there are processors is the default. A guest has two virtual processors; when all guests together have more than the machine, each is emulated in one thread.',
      ],
    };
  },
};

/** Runs labs. Throws when one neither passes nor is skipped for want of the kernel. */
async function passed(args: readonly string[]): Promise<{readonly labs: number}> {
  const {report} = await runLabs(args);
  const failed = report.labs.filter(({verdict}) => verdict !== 'PASS' && verdict !== 'SKIP');
  if (failed.length > 0)
    throw new Error(failed.map(({name, verdict}) => `${name} ${verdict}`).join(', '));
  return {labs: report.labs.length};
}
