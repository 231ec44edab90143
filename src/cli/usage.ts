import {Command, type Option} from 'commander';
import {InputError, nearest, type Problem} from '../problem.ts';

/**
 * A command whose usage errors are InputErrors in lvslab's wording (commander's own are one sentence without valid values),
 * and whose options have a variable each: LVSLAB_FORMAT for --format.
 */
export class CommandLine extends Command {
  override createCommand(name?: string): Command {
    return new CommandLine(name);
  }

  override addOption(option: Option): this {
    // No variable must destroy everything.
    if (option.name() === 'all') return super.addOption(option);
    const name = `LVSLAB_${option.name().toUpperCase()}`;
    // Commander sets an option without a value by any value of its variable, 0 and no too.
    if (option.isBoolean() && /^(|0|no|false)$/i.test(process.env[name] ?? ''))
      delete process.env[name];
    return super.addOption(option.env(name));
  }

  override error(message: string, options?: {readonly code?: string}): never {
    throw new InputError(wordUsage(this, message, options?.code ?? ''));
  }
}

/** The problem of a message of commander's, which quotes the bad word first. */
function wordUsage(command: Command, message: string, code: string): Problem {
  const path = pathOf(command);
  const what = message.replace(/^error: /, '').replaceAll(/\n\(Did you mean.*\)/g, '');
  const value = /'([^']*)'/.exec(message)?.[1];
  const next = `${path} --help shows how it is called`;
  const among = (kind: string, valid: readonly string[]): Problem => {
    const meant = value === undefined ? undefined : nearest(value, valid);
    return {
      what: `there is no such ${kind}`,
      where: path,
      value,
      valid,
      next: meant === undefined ? next : `did you mean "${meant}"?`,
    };
  };
  switch (code) {
    case 'commander.unknownCommand':
      return among(
        'command',
        command.commands.map(one => one.name()),
      );
    case 'commander.unknownOption':
      return among('option', [...optionsOf(command), '--help']);
    case 'commander.excessArguments':
      return {what: 'too many arguments', where: path, value: command.args.join(' '), next};
    default:
      return {what, where: path, next};
  }
}

const optionsOf = (command: Command): string[] =>
  command.options.flatMap(({long}) => (typeof long === 'string' ? [long] : []));

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
