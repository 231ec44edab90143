import type {Command} from 'commander';
import {exitCodeOf} from './exit.ts';
import {formatOption} from './options.ts';

/** `lvslab verify`: judges saved run folders again, anywhere, without Docker. As JSON: an array with a report for each. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('judge a saved run folder again; needs no Docker')
    .argument('<run...>', 'run folders')
    .option('--paths', "print every packet's path")
    .addOption(formatOption())
    .action(async (paths: string[], options: {format: 'table' | 'json'; paths?: true}) => {
      const {verify} = await import('../lab/verify.ts');
      const {jsonReports} = await import('../report/json.ts');
      const {hasColors} = await import('../report/style.ts');
      const {textReport} = await import('../report/text.ts');
      const judged = paths.map(path => verify(path, options.paths ?? false));
      process.stdout.write(
        options.format === 'json'
          ? jsonReports(judged.map(({report}) => report))
          : judged
              .map(({report, printed}) => textReport(report, hasColors(process.stdout)) + printed)
              .join(''),
      );
      process.exitCode = exitCodeOf(
        judged.flatMap(({report}) => report.labs.map(({verdict}) => verdict)),
      );
    });
}
