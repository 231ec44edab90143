import type {Command} from 'commander';
import {modulesOption, topologiesOption} from './options.ts';
import {addStandingOptions, type StandingChoice} from './standing.ts';

/** `lvslab deploy`: starts a topology's nodes, which stay until destroy. */
export function addDeploy(program: Command): void {
  const deploy = program
    .command('deploy')
    .description('start the nodes of a topology; they stay until destroy')
    .argument('<topology>', 'a name (routed-lan), a file (*.yaml) or - for standard input')
    .addOption(topologiesOption());
  addStandingOptions(deploy)
    .addOption(modulesOption())
    .action(
      async (
        word: string,
        options: StandingChoice & {readonly topologies: string[]; readonly modules?: string},
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
