import type {Command} from 'commander';
import {exitCodeOf} from './exit.ts';
import {
  kernelsOption,
  labsOption,
  missingOption,
  modulesOption,
  reportOption,
  topologiesOption,
  type ReportForm,
} from './options.ts';
import {jobsOption} from './run.ts';

interface MatrixOptions {
  readonly labs: string[];
  readonly topologies: string[];
  readonly kernel: readonly string[];
  readonly modules: string | undefined;
  readonly missing: 'skip' | 'error';
  readonly jobs: number | undefined;
  readonly counters: boolean;
  readonly format: ReportForm;
}

/** `lvslab matrix`: the same labs on several kernels. */
export function addMatrix(program: Command): void {
  program
    .command('matrix')
    .description('run labs on several kernels: a verdict for each lab and kernel')
    .argument('[lab...]', 'labs (modes/dr) or groups (modes); all when omitted')
    .addOption(kernelsOption())
    .option('--counters', 'run the counter-labs too: wrong set-ups that must fail', false)
    .addOption(jobsOption())
    .addOption(modulesOption())
    .addOption(missingOption())
    .addOption(labsOption())
    .addOption(topologiesOption())
    .addOption(reportOption())
    .action(async (words: string[], {kernel: kernels, ...options}: MatrixOptions) => {
      const {runMatrix} = await import('../lab/matrix.ts');
      const {matrixJson, matrixReports, matrixText} = await import('../report/matrix.ts');
      const {overallVerdict} = await import('../report/reason.ts');
      const matrix = await runMatrix(words, {...options, kernels});
      process.stdout.write(await printed());
      process.exitCode = exitCodeOf(matrix.kernels.flatMap(({labs}) => labs.map(overallVerdict)));

      async function printed(): Promise<string> {
        switch (options.format) {
          case 'json':
            return matrixJson(matrix);
          case 'junit':
            return (await import('../report/junit.ts')).junitReport(matrixReports(matrix));
          case 'ktap':
            return (await import('../report/ktap.ts')).ktapReport(matrixReports(matrix));
          case 'table': {
            const {hasColors} = await import('../report/style.ts');
            return matrixText(matrix, hasColors(process.stdout));
          }
        }
      }
    });
}
