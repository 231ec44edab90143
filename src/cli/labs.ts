import type {Command} from 'commander';
import {formatOption, labsOption, topologiesOption} from './options.ts';

/** `lvslab labs`: the labs there are, with their claims and counter-labs. */
export function addLabs(program: Command): void {
  program
    .command('labs')
    .description('list the labs')
    .argument('[lab...]', 'labs or groups; all when omitted')
    .addOption(labsOption())
    .addOption(topologiesOption())
    .addOption(formatOption())
    .action(
      async (
        words: string[],
        options: {labs: string[]; topologies: string[]; format: 'table' | 'json'},
      ) => {
        const {loadLabs} = await import('../lab/load.ts');
        const {plainTable} = await import('../report/table.ts');
        const labs = await loadLabs(words, options);
        if (options.format === 'json') {
          const rows = labs.map(lab => ({
            name: lab.name,
            title: lab.title,
            claims: lab.claims,
            topology: lab.kind === 'comparison' ? null : lab.topology,
            counters:
              lab.kind === 'comparison' ? [] : lab.counter.map(({claim, when}) => ({claim, when})),
          }));
          process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
          return;
        }
        const rows = labs.map(lab => [
          lab.name,
          lab.claims.join(' '),
          lab.kind === 'comparison' ? '' : lab.topology,
          lab.kind === 'comparison' ? '' : String(lab.counter.length),
          lab.title,
        ]);
        process.stdout.write(
          `${plainTable(['lab', 'claims', 'topology', 'counter-labs', 'title'], rows)}\n`,
        );
      },
    );
}
