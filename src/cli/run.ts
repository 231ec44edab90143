import {Option, type Command} from 'commander';
import {exitCodeOf} from './exit.ts';
import {
  formatOption,
  hostOption,
  kernelOption,
  labsOption,
  topologiesOption,
  wholeNumber,
} from './options.ts';

interface RunOptions {
  readonly labs: string[];
  readonly topologies: string[];
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
  readonly jobs: number | undefined;
  readonly counters: boolean;
  readonly format: 'table' | 'json';
}

/** `lvslab run`: runs labs on a lab host and judges them. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('run labs and judge them from their packets')
    .argument('[lab...]', 'labs (modes/dr) or groups (modes); all when omitted')
    .option('--counters', 'run the counter-labs too: wrong set-ups that must fail', false)
    .addOption(
      wholeNumber(
        new Option('--jobs <n>', 'labs at the same time; default by cores and memory'),
        1,
      ),
    )
    .addOption(hostOption())
    .addOption(kernelOption())
    .addOption(labsOption())
    .addOption(topologiesOption())
    .addOption(formatOption())
    .action(async (words: string[], options: RunOptions) => {
      const {runCommand} = await import('../lab/command.ts');
      const {jsonReport} = await import('../report/json.ts');
      const {textReport} = await import('../report/text.ts');
      const {hasColors} = await import('../report/style.ts');
      const {report, comparison} = await runCommand(words, options);
      process.stdout.write(
        options.format === 'json'
          ? jsonReport(report)
          : textReport(report, hasColors(process.stdout)) + comparison,
      );
      const missed = report.labs.some(lab => lab.counters.some(one => !one.asExpected));
      process.exitCode = exitCodeOf([
        ...report.labs.map(lab => lab.verdict),
        ...(missed ? (['FAIL'] as const) : []),
      ]);
    });
}
