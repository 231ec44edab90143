import type {Command} from 'commander';
import {formatOption} from './options.ts';
import {addStandingOptions, onStandingHost, type StandingChoice} from './standing.ts';

/** `lvslab inspect`: the deployments with their nodes. */
export function addInspect(program: Command): void {
  const inspect = program
    .command('inspect')
    .description('show what is deployed')
    .argument('[topology]');
  addStandingOptions(inspect)
    .addOption(formatOption())
    .action(
      async (
        topology: string | undefined,
        {format, ...choice}: StandingChoice & {readonly format: 'table' | 'json'},
      ) => {
        const {findDeployments} = await import('../lab/standing.ts');
        const {plainTable} = await import('../report/table.ts');
        const deployed = await onStandingHost(choice, ({engine}) =>
          findDeployments(engine, topology),
        );
        const rows = deployed.flatMap(one =>
          one.nodes.map(({node, container}) => [one.topology, node, container, one.run]),
        );
        process.stdout.write(
          format === 'json'
            ? `${JSON.stringify(deployed, null, 2)}\n`
            : rows.length === 0
              ? 'nothing is deployed\n'
              : `${plainTable(['topology', 'node', 'container', 'run'], rows)}\n`,
        );
      },
    );
}
