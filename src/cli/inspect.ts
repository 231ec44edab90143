import type {Command} from 'commander';
import {formatOption, hostOption, kernelOption} from './options.ts';

/** `lvslab inspect`: the deployments with their nodes. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('show what is deployed')
    .argument('[topology]')
    .addOption(hostOption())
    .addOption(kernelOption())
    .addOption(formatOption())
    .action(
      async (
        topology: string | undefined,
        options: {host: 'guest' | 'engine'; kernel: string; format: 'table' | 'json'},
      ) => {
        const {findDeployments, standingHost} = await import('../lab/standing.ts');
        const {plainTable} = await import('../report/table.ts');
        const host = await standingHost({...options, start: false, progress: () => undefined});
        try {
          const deployed = await findDeployments(host.engine, topology);
          const rows = deployed.flatMap(one =>
            one.nodes.map(({node, container}) => [one.topology, node, container, one.run]),
          );
          process.stdout.write(
            options.format === 'json'
              ? `${JSON.stringify(deployed, null, 2)}\n`
              : rows.length === 0
                ? 'nothing is deployed\n'
                : `${plainTable(['topology', 'node', 'container', 'run'], rows)}\n`,
          );
        } finally {
          await host.close();
        }
      },
    );
}
