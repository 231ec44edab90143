import type {Command} from 'commander';
import {hostOption, kernelOption} from './options.ts';
import {InputError} from '../problem.ts';

/** `lvslab destroy`: removes deployments, by their labels. */
export function addDestroy(program: Command): void {
  program
    .command('destroy')
    .description('remove what deploy started')
    .argument('[topology]')
    .option('--all', 'every deployment')
    .addOption(hostOption())
    .addOption(kernelOption())
    .action(
      async (
        topology: string | undefined,
        options: {all?: true; host: 'guest' | 'engine'; kernel: string},
      ) => {
        if (topology === undefined && options.all === undefined)
          throw new InputError({
            what: 'which deployment?',
            next: 'lvslab destroy TOPOLOGY, or lvslab destroy --all',
          });
        const {findDeployments, standingHost} = await import('../lab/standing.ts');
        const {destroy} = await import('../nodes/remove.ts');
        const host = await standingHost({...options, start: false, progress: () => undefined});
        try {
          for (const {run} of await findDeployments(host.engine, topology))
            for (const line of await destroy(host.engine, run))
              process.stdout.write(`removed ${line}\n`);
        } finally {
          await host.close();
        }
      },
    );
}
