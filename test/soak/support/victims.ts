import {existsSync, readdirSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {pick} from './random.ts';
import {processesWith} from './processes.ts';

/** What is killed. `cli` leaves the clean-up to the watcher, `cli+watcher` to the next command. */
export const kinds = ['cli', 'cli+watcher', 'qemu', 'engine', 'supervisor'] as const;
export type Kind = (typeof kinds)[number];

/** Kills once it finds its victim: true; undefined while there is none, to be asked again. */
export async function strike(
  kind: Kind,
  {cli, runtime, random}: {cli: number; runtime: string; random: () => number},
): Promise<true | undefined> {
  const like = (word: RegExp): number[] =>
    processesWith('LVSLAB_RUNTIME', runtime)
      .filter(({line}) => word.test(line))
      .map(({pid}) => pid);
  switch (kind) {
    case 'cli':
      return kill(cli);
    case 'cli+watcher': {
      // The shell that waits and its cat are a process group.
      const watchers = like(/^sh .*lvslab-watcher/);
      const killed = kill(cli);
      for (const pid of watchers) kill(-pid);
      return killed;
    }
    case 'qemu':
      // A guest's: QEMU is also asked for its version.
      return kill(one(like(/^qemu-system.* -drive /), random));
    case 'supervisor':
      return kill(one(like(/\/supervisor\.ts/), random));
    case 'engine': {
      const shells = readdirSync(runtime)
        .map(name => join(runtime, name, 'shell.sock'))
        .filter(path => existsSync(path));
      const shell = one(shells, random);
      return shell === undefined ? undefined : killEngine(shell);
    }
  }
}

const one = <T>([first, ...others]: readonly T[], random: () => number): T | undefined =>
  first === undefined ? undefined : pick(random, [first, ...others]);

function kill(pid: number | undefined): true | undefined {
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return undefined; // it has just ended
  }
}

/** Kills dockerd by the guest's console shell, and waits until the shell has said so. */
function killEngine(socket: string): Promise<true | undefined> {
  return new Promise(resolve => {
    const shell = connect(socket);
    let said = '';
    const end = (result: true | undefined): void => {
      shell.destroy();
      resolve(result);
    };
    shell.setEncoding('utf8');
    shell.setTimeout(5000, () => end(undefined));
    shell.on('error', () => end(undefined));
    shell.on('close', () => end(undefined));
    shell.on('data', (text: string) => {
      said += text;
      if (said.includes('gone-42')) end(true);
    });
    // The console repeats what is typed: the sum is in the answer alone.
    shell.write('\npkill -9 -x dockerd && echo gone-$((40 + 2))\n');
  });
}
