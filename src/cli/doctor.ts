import type {Command} from 'commander';
import {formatOption} from './options.ts';
import {exitCodes} from './exit.ts';

/** `lvslab doctor`: what is there, what is missing, and what to do. Exit code 2 when something is missing. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what is there, what is missing, and what to do')
    .addOption(formatOption())
    .action(async (options: {format: 'table' | 'json'}) => {
      const {examine} = await import('../setup/doctor.ts');
      const {plainTable} = await import('../report/table.ts');
      const findings = await examine();
      process.stdout.write(
        options.format === 'json'
          ? `${JSON.stringify(findings, null, 2)}\n`
          : `${plainTable(
              ['what', 'state', 'found', 'next'],
              findings.map(({name, state, found, next}) => [name, state, found, next ?? '']),
            )}\n`,
      );
      if (findings.some(({state}) => state === 'missing')) process.exitCode = exitCodes.input;
    });
}
