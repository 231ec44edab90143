import type {Command} from 'commander';
import {addStandingOptions, onStandingHost, type StandingChoice} from './standing.ts';

/** `lvslab exec`: one command on a deployed node; its outputs and exit code are the command's. */
export function addExec(program: Command): void {
  const exec = program
    .command('exec')
    .description('run a command on a deployed node: lvslab exec director -- ipvsadm -Ln')
    .argument('<node>', 'node, or topology/node')
    .argument('<command...>');
  addStandingOptions(exec).action(
    async (node: string, command: string[], choice: StandingChoice) => {
      const {findNode} = await import('../lab/standing.ts');
      const {streamCommand} = await import('../nodes/terminal.ts');
      process.exitCode = await onStandingHost(choice, async ({engine}) => {
        const {container} = await findNode(engine, node);
        return streamCommand(container, command, {
          stdout: bytes => void process.stdout.write(bytes),
          stderr: bytes => void process.stderr.write(bytes),
        });
      });
    },
  );
}
