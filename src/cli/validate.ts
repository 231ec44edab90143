import type {Command} from 'commander';
import {labsOption, topologiesOption} from './options.ts';

/** `lvslab validate`: checks topologies and labs, and says all that is wrong with them. */
export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('check topology files (*.yaml) and labs; everything when nothing is named')
    .argument('[file-or-lab...]')
    .addOption(labsOption())
    .addOption(topologiesOption())
    .action(async (words: string[], options: {labs: string[]; topologies: string[]}) => {
      const {validate} = await import('../lab/validate.ts');
      for (const line of await validate(words, options)) process.stdout.write(`${line}\n`);
    });
}
