import type {Command} from 'commander';
import {exitCodeOf} from './exit.ts';
import {
  formatOption,
  kernelsOption,
  labsOption,
  missingOption,
  modulesOption,
  topologiesOption,
} from './options.ts';
import {jobsOption} from './run.ts';

interface DiffOptions {
  readonly labs: string[];
  readonly topologies: string[];
  readonly kernel: readonly string[];
  readonly modules: string | undefined;
  readonly missing: 'skip' | 'error';
  readonly jobs: number | undefined;
  readonly format: 'table' | 'json';
}

/** `lvslab diff`: how two kernels, or two saved runs, behave differently. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('compare how two kernels behave, or two saved runs: exit code 0 same, 1 different')
    .argument('[lab-or-run...]', 'labs or groups; or two run folders, which needs no lab host')
    .addOption(kernelsOption())
    .addOption(jobsOption())
    .addOption(modulesOption())
    .addOption(missingOption())
    .addOption(labsOption())
    .addOption(topologiesOption())
    .addOption(formatOption())
    .action(async (words: string[], {kernel: kernels, format, ...options}: DiffOptions) => {
      const {areRuns, diffKernels, diffRuns, verdictsOf} = await import('../lab/diff.ts');
      const {diffJson, diffText} = await import('../report/diff.ts');
      const {hasColors} = await import('../report/style.ts');
      const report = areRuns(words)
        ? diffRuns(words)
        : await diffKernels(words, {...options, kernels});
      process.stdout.write(
        format === 'json' ? diffJson(report) : diffText(report, hasColors(process.stdout)),
      );
      process.exitCode = exitCodeOf(verdictsOf(report));
    });
}
