import {runLabs} from '../e2e/support/cli.ts';
import {inSeconds, median, repeat, spread, timed, times, type Measurement} from './measurement.ts';
import {wordShares} from './support/accounting.ts';
import {withLab} from './support/lab.ts';
import {plainRounds} from './support/plain-way.ts';
import {profile} from './support/steps.ts';

const rounds = 5;

/** One mode to its verdict against the plain shell way in the same kind of guest. */
export const mode: Measurement = {
  name: 'mode',
  title: 'One mode: time to verdict against the plain shell way',
  async run(say) {
    say('one run that is not counted: it makes the template');
    await runLabs(['modes/dr']);
    say(`${rounds} runs of modes/dr`);
    const inside: number[] = [];
    const ours = await repeat(rounds, async () => {
      const [seconds, {report}] = await timed(() => runLabs(['modes/dr']));
      const [lab] = report.labs;
      if (lab?.verdict !== 'PASS') throw new Error(`modes/dr: ${lab?.verdict} ${lab?.error ?? ''}`);
      inside.push(lab.seconds);
      return seconds;
    });
    say(`${rounds} runs that tell their steps`);
    const {steps, shares} = await withLab(say, lab => profile(lab, rounds));
    say(`${rounds} times the plain way`);
    const plain = await plainRounds(rounds);
    const against = `plain shell: ${spread(plain.seconds)}`;
    const theirs = median(plain.seconds);
    return {
      rows: [
        {
          what: '`lvslab run modes/dr`, whole command',
          ours: spread(ours),
          against,
          ratio: times(median(ours), theirs),
          target: 'under 8 s; at most 1.0 x',
          met: median(ours) < 8 && median(ours) <= theirs,
        },
        {
          what: 'the lab in it: restore, set-up, traffic, captures, judging',
          ours: spread(inside),
          against,
          ratio: times(median(inside), theirs),
          target: '',
        },
      ],
      notes: [
        'The plain way is handed a running guest, makes three namespaces, sends one transfer and compares 32 bytes. lvslab restores a guest, runs five nodes and all requests of the lab, captures on every interface, collects what the nodes say and judges every frame.',
        `The whole command takes ${inSeconds(median(ours) - median(inside))} more than the lab: the start of Node, loading labs, the report. The lab's steps, medians of ${rounds} runs in one process; what is indented is a part of the step above, and of scripts that run on all nodes at once it is the slowest.`,
        [
          '| step | time | the plain way |',
          '| --- | --- | --- |',
          ...steps.map(
            ({step, seconds, plain: there}) => `| ${step} | ${inSeconds(seconds)} | ${there} |`,
          ),
        ].join('\n'),
        `Processor time in the guest by process (acct(2)), one run: the lab ${wordShares(shares)}. The plain way ${wordShares(plain.shares)}.`,
      ],
    };
  },
};
