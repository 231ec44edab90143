import type {Command} from 'commander';

/** `lvslab sweep`: what every command does first, on its own. The watcher of a dead run calls it. */
export function addSweep(program: Command): void {
  program
    .command('sweep')
    .description('remove what runs that were killed have left')
    .action(async () => {
      const {sweepAll} = await import('../lab/sweep.ts');
      const removed = await sweepAll();
      process.stdout.write(removed.map(line => `removed ${line}\n`).join(''));
    });
}
