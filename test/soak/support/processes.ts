import {readdirSync, readFileSync} from 'node:fs';

/** A live process that runs with an environment. */
export interface Process {
  readonly pid: number;
  /** Its command line, with blanks between the words. */
  readonly line: string;
}

/** The live processes in whose environment the variable has this value: whatever a command started inherits it. */
export function processesWith(variable: string, value: string): Process[] {
  const wanted = `${variable}=${value}`;
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const words = (file: string): string[] =>
          readFileSync(`/proc/${name}/${file}`, 'utf8').split('\0');
        // A zombie has no environment: it is gone but for its parent's wait.
        if (!words('environ').includes(wanted)) return [];
        return [{pid: Number(name), line: words('cmdline').join(' ').trim()}];
      } catch {
        return []; // it has ended, or is another user's
      }
    });
}
