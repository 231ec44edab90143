import type {Command} from 'commander';
import {hostOption, kernelOption} from './options.ts';

/** `lvslab shell`: an interactive shell on a deployed node. */
export function addShell(program: Command): void {
  program
    .command('shell')
    .description('open a shell on a deployed node')
    .argument('<node>', 'node, or topology/node')
    .addOption(hostOption())
    .addOption(kernelOption())
    .action(async (node: string, options: {host: 'guest' | 'engine'; kernel: string}) => {
      const {findNode, standingHost} = await import('../lab/standing.ts');
      const {attachTerminal} = await import('../nodes/terminal.ts');
      const host = await standingHost({...options, start: false, progress: () => undefined});
      try {
        const {container} = await findNode(host.engine, node);
        process.exitCode = await attachTerminal(container, ['bash'], process);
      } finally {
        await host.close();
      }
    });
}
