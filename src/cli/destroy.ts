import type {Command} from 'commander';
import {InputError} from '../problem.ts';
import {addStandingOptions, onStandingHost, type StandingChoice} from './standing.ts';

/** `lvslab destroy`: removes deployments, by their labels. */
export function addDestroy(program: Command): void {
  const command = program
    .command('destroy')
    .description('remove what deploy started')
    .argument('[topology]')
    .option('--all', 'every deployment');
  addStandingOptions(command).action(
    async (
      topology: string | undefined,
      {all, ...choice}: StandingChoice & {readonly all?: true},
    ) => {
      if (topology === undefined && all === undefined)
        throw new InputError({
          what: 'which deployment?',
          next: 'lvslab destroy TOPOLOGY, or lvslab destroy --all',
        });
      const {findDeployments} = await import('../lab/standing.ts');
      const {destroy} = await import('../nodes/remove.ts');
      await onStandingHost(choice, async ({engine}) => {
        for (const {run} of await findDeployments(engine, topology))
          for (const line of await destroy(engine, run)) process.stdout.write(`removed ${line}\n`);
      });
    },
  );
}
