import {Option, type Command} from 'commander';
import {formatOption, kernelOption, modulesOption, wholeNumber} from './options.ts';

/** `lvslab host up|down|status|shell`: a lab host that stays. */
export function addHost(program: Command): void {
  const host = program.command('host').description('start, stop and enter a lab host that stays');
  host
    .command('up')
    .description('start a lab host; DOCKER_HOST is printed')
    .addOption(kernelOption())
    .addOption(modulesOption())
    .action(async (options: {kernel: string; modules?: string}) => {
      const {hostUp} = await import('../host/daemon.ts');
      for (const line of await hostUp({
        ...options,
        progress: text => process.stderr.write(`${text}\n`),
      }))
        process.stdout.write(`${line}\n`);
    });
  host
    .command('down')
    .description('stop it, with all that runs on it')
    .action(async () => {
      const {hostDown} = await import('../host/daemon.ts');
      process.stdout.write(`${await hostDown()}\n`);
    });
  host
    .command('status')
    .description('say whether one is up, its kernel and its socket')
    .addOption(formatOption())
    .action(async (options: {format: 'table' | 'json'}) => {
      const {hostStatus} = await import('../host/daemon.ts');
      const status = await hostStatus();
      process.stdout.write(
        options.format === 'json'
          ? `${JSON.stringify(status, null, 2)}\n`
          : `${Object.entries(status)
              .map(([name, value]) => `${name.padEnd(12)} ${String(value)}`)
              .join('\n')}\n`,
      );
    });
  host
    .command('shell')
    .description("open a root shell in the lab host's guest")
    .action(async () => {
      const {hostShell} = await import('../host/daemon.ts');
      process.exitCode = await hostShell(process);
    });
  host
    .command('prune')
    .description(
      'remove the templates that were used longest ago, and disks and initrds of earlier versions',
    )
    .addOption(
      wholeNumber(new Option('--keep <n>', 'templates that stay').default(1), 1).env('LVSLAB_KEEP'),
    )
    .action(async ({keep}: {keep: number}) => {
      const {pruneTemplates} = await import('../host/guest/template-store.ts');
      const {pruneImages} = await import('../host/image/prune.ts');
      const images = pruneImages();
      const templates = pruneTemplates({most: keep}).map(name => `template ${name}`);
      const removed = [...images, ...templates];
      process.stdout.write(
        removed.length === 0
          ? 'nothing to remove\n'
          : removed.map(name => `removed ${name}\n`).join(''),
      );
    });
}
