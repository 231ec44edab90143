import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Processes of which the command line names the folder: guests, and what serves them. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return line.includes(folder) && state !== 'Z' ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

/** Everything below a folder but what a live, idle lvslab may keep there: nothing. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(name => join(folder, name));
