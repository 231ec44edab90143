import type {Command} from 'commander';
import {addStandingOptions, onStandingHost, type StandingChoice} from './standing.ts';

/** `lvslab shell`: an interactive shell on a deployed node. */
export function addShell(program: Command): void {
  const shell = program
    .command('shell')
    .description('open a shell on a deployed node')
    .argument('<node>', 'node, or topology/node');
  addStandingOptions(shell).action(async (node: string, choice: StandingChoice) => {
    const {findNode} = await import('../lab/standing.ts');
    const {attachTerminal} = await import('../nodes/terminal.ts');
    process.exitCode = await onStandingHost(choice, async ({engine}) => {
      const {container} = await findNode(engine, node);
      return attachTerminal(container, ['bash'], process);
    });
  });
}
