import type {Command} from 'commander';
import {hostOption, kernelOption} from './options.ts';

/** `lvslab exec`: one command on a deployed node; its outputs and exit code are the command's. */
export function addExec(program: Command): void {
  program
    .command('exec')
    .description('run a command on a deployed node: lvslab exec director -- ipvsadm -Ln')
    .argument('<node>', 'node, or topology/node')
    .argument('<command...>')
    .addOption(hostOption())
    .addOption(kernelOption())
    .action(
      async (
        node: string,
        command: string[],
        options: {host: 'guest' | 'engine'; kernel: string},
      ) => {
        const {findNode, standingHost} = await import('../lab/standing.ts');
        const {streamCommand} = await import('../nodes/terminal.ts');
        const host = await standingHost({...options, start: false, progress: () => undefined});
        try {
          const {container} = await findNode(host.engine, node);
          process.exitCode = await streamCommand(container, command, {
            stdout: bytes => void process.stdout.write(bytes),
            stderr: bytes => void process.stderr.write(bytes),
          });
        } finally {
          await host.close();
        }
      },
    );
}
