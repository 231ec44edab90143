import {Option, type Command} from 'commander';
import {exitCodeOf} from './exit.ts';
import {
  hostOption,
  kernelOption,
  labsOption,
  missingOption,
  modulesOption,
  reportOption,
  topologiesOption,
  wholeNumber,
  type ReportForm,
} from './options.ts';

interface RunOptions {
  readonly labs: string[];
  readonly topologies: string[];
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
  readonly modules: string | undefined;
  readonly missing: 'skip' | 'error';
  readonly jobs: number | undefined;
  readonly counters: boolean;
  readonly format: ReportForm;
}

/** `--jobs N`. */
export const jobsOption = (): Option =>
  wholeNumber(new Option('--jobs <n>', 'labs at the same time; default by cores and memory'), 1);

/** `lvslab run`: runs labs on a lab host and judges them. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('run labs and judge them from their packets')
    .argument('[lab...]', 'labs (modes/dr) or groups (modes); all when omitted')
    .option('--counters', 'run the counter-labs too: wrong set-ups that must fail', false)
    .addOption(jobsOption())
    .addOption(hostOption())
    .addOption(kernelOption())
    .addOption(modulesOption())
    .addOption(missingOption())
    .option('--bisect', 'exit codes for git bisect run: 0 good, 1 bad, 125 cannot be told', false)
    .addOption(labsOption())
    .addOption(topologiesOption())
    .addOption(reportOption())
    .action(async (words: string[], options: RunOptions) => {
      const {runCommand} = await import('../lab/command.ts');
      const {overallVerdict} = await import('../report/reason.ts');
      const {report, comparison} = await runCommand(words, options);
      process.stdout.write(await printed());
      process.exitCode = exitCodeOf(report.labs.map(overallVerdict));

      async function printed(): Promise<string> {
        switch (options.format) {
          case 'json':
            return (await import('../report/json.ts')).jsonReport(report);
          case 'junit':
            return (await import('../report/junit.ts')).junitReport([report]);
          case 'ktap':
            return (await import('../report/ktap.ts')).ktapReport([report]);
          case 'table': {
            const {hasColors} = await import('../report/style.ts');
            const {textReport} = await import('../report/text.ts');
            return textReport(report, hasColors(process.stdout)) + comparison;
          }
        }
      }
    });
}
