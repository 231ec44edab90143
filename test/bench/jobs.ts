import {runLabs} from '../e2e/support/cli.ts';
import {inSeconds, timed, times, type Measurement, type Row} from './measurement.ts';

/** The four modes, one after the other and at the same time. */
export const jobs: Measurement = {
  name: 'jobs',
  title: 'The four modes with --jobs',
  async run(say) {
    say('one run that is not counted: it makes the templates');
    await runLabs(['modes']);
    const rows: Row[] = [];
    let alone: number | undefined;
    for (const count of [1, 2, 4]) {
      say(`--jobs ${count}`);
      const [seconds, {report}] = await timed(() => runLabs(['modes', '--jobs', String(count)]));
      const missed = report.labs.filter(({verdict}) => verdict !== 'PASS');
      if (missed.length > 0)
        throw new Error(missed.map(({name, verdict}) => `${name} ${verdict}`).join(', '));
      alone ??= seconds;
      rows.push({
        what: `\`lvslab run modes --jobs ${count}\``,
        ours: inSeconds(seconds),
        against: count === 1 ? '' : `--jobs 1: ${inSeconds(alone)}`,
        ratio: count === 1 ? '' : times(seconds, alone),
        target: count === 2 ? 'under 25 s (the default here)' : '',
        met: count === 2 ? seconds < 25 : undefined,
      });
    }
    return {
      rows,
      notes: [
        'A guest has two virtual processors, so beyond one job for each two of the machine there is little to gain under emulation.',
      ],
    };
  },
};
