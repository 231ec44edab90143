import type {Command} from 'commander';
import {formatOption} from './options.ts';

/** `lvslab kernels list|pull`: Debian's kernels, side by side in the cache. */
export function addKernels(program: Command): void {
  const kernels = program.command('kernels').description('list and download kernels for lab hosts');
  kernels
    .command('list')
    .description("say what Debian's suites offer and what is pulled; offline only the latter")
    .addOption(formatOption())
    .action(async ({format}: {format: 'table' | 'json'}) => {
      const {listKernels} = await import('../host/image/kernel-list.ts');
      const {kernelListReport} = await import('../report/kernels.ts');
      const list = await listKernels();
      process.stdout.write(
        format === 'json' ? `${JSON.stringify(list, null, 2)}\n` : kernelListReport(list),
      );
    });
  kernels
    .command('pull')
    .description('download kernels, signed by Debian, beside those that are there')
    .argument('<kernel...>', 'a series (6.12), a release (6.12.117) or a suite (bullseye-security)')
    .action(async (words: string[]) => {
      const {pullKernel} = await import('../host/image/kernel.ts');
      const {parseWanted} = await import('../host/image/kernel-table.ts');
      for (const word of words) parseWanted(word);
      for (const word of words) {
        const {release, already} = await pullKernel(word, ({step, size}) =>
          process.stderr.write(`${step}${size === undefined ? '' : ` (${size})`}\n`),
        );
        process.stdout.write(`${release}  ${already ? 'was there' : 'pulled'}\n`);
      }
    });
}
