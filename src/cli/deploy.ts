import type {Command} from 'commander';
import {hostOption, kernelOption, topologiesOption} from './options.ts';

/** `lvslab deploy`: starts a topology's nodes, which stay until destroy. */
export function addDeploy(program: Command): void {
  program
    .command('deploy')
    .description('start the nodes of a topology; they stay until destroy')
    .argument('<topology>', 'a name (routed-lan), a file (*.yaml) or - for standard input')
    .addOption(topologiesOption())
    .addOption(hostOption())
    .addOption(kernelOption())
    .action(
      async (
        word: string,
        options: {topologies: string[]; host: 'guest' | 'engine'; kernel: string},
      ) => {
        const {deployTopology} = await import('../lab/deploy.ts');
        for (const line of await deployTopology(word, {
          ...options,
          progress: text => process.stderr.write(`${text}\n`),
        }))
          process.stdout.write(`${line}\n`);
      },
    );
}
