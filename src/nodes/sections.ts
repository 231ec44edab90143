import {randomBytes} from 'node:crypto';
import {BrokenLabError} from '../problem.ts';
import type {NodeShell} from './types.ts';

/**
 * Runs several commands in one script and gives the standard output of each by its name, whatever their exit codes:
 * a command that fails has ''. Names have letters, digits and dashes only.
 */
export async function runSections(
  shell: NodeShell,
  label: string,
  commands: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const nonce = randomBytes(16).toString('hex');
  const names = Object.keys(commands);
  const script = names.map(name => `printf '\\n%s %s\\n' ${nonce} ${name}\n${commands[name]}`);
  const {stdout} = await shell.run([...script, ':'].join('\n'), {label});
  const sections = splitSections(stdout.toString('utf8'), nonce);
  const missing = names.find(name => sections[name] === undefined);
  if (missing !== undefined)
    throw new BrokenLabError({
      what: `node "${shell.node}" did not finish "${label}"`,
      where: shell.node,
      value: `no output of ${missing}`,
      next: 'run the lab again',
    });
  return sections;
}

/** The texts between the lines `NONCE name`, exactly as written. */
export function splitSections(output: string, nonce: string): Record<string, string> {
  const parts = output.split(`\n${nonce} `).slice(1);
  return Object.fromEntries(
    parts.map(part => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}
