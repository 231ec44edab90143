import type {Command} from 'commander';
import {formatOption, labsOption, topologiesOption} from './options.ts';

/** `lvslab claims`: every claim, the labs that prove it, and whether a run on this machine has. */
export function addClaims(program: Command): void {
  program
    .command('claims')
    .description('list the claims and what proves them')
    .addOption(labsOption())
    .addOption(topologiesOption())
    .addOption(formatOption())
    .action(async (options: {labs: string[]; topologies: string[]; format: 'table' | 'json'}) => {
      const {loadLabs} = await import('../lab/load.ts');
      const {claimRows} = await import('../lab/proof.ts');
      const {plainTable} = await import('../report/table.ts');
      const rows = claimRows(await loadLabs([], options), options.topologies);
      if (options.format === 'json') {
        process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
        return;
      }
      process.stdout.write(
        `${plainTable(
          ['claim', 'proven', 'labs', 'text'],
          rows.map(row => [row.id, row.proven ? 'yes' : 'no', row.labs.join(' '), row.text]),
        )}\n`,
      );
      if (rows.some(row => !row.proven))
        process.stdout.write(
          'A claim is proven when its lab passed and its counter-labs failed here, with these files: lvslab run --counters\n',
        );
    });
}
