import {execa} from 'execa';
import {BrokenLabError} from '../../problem.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program with its arguments; never a line for a shell. */
export type Command = readonly [program: string, ...args: string[]];

/**
 * Runs a command of set-up or build and returns its output. Daemons' tools live in sbin, which users often lack in PATH.
 * Throws BrokenLabError with the last lines of what it said; the whole is in the cause.
 */
export async function run(command: Command, options: RunOptions = {}): Promise<string> {
  const [program, ...args] = command;
  const result = await execa(program, args, {
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
    stdin: 'ignore',
    env: {
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
      LC_ALL: 'C',
      ...options.env,
    },
    reject: false,
    all: true,
  });
  if (!result.failed) return result.stdout;
  const words = result.all ?? '';
  throw new BrokenLabError(
    {
      what: `${realProgram(command)} failed${result.exitCode === undefined ? '' : ` with exit code ${result.exitCode}`}`,
      value: (words.trim() || (result.shortMessage ?? ''))
        .split('\n')
        .slice(-5)
        .join('\n         '),
      next: 'see what is missing with: npx lvslab doctor',
    },
    result,
  );
}

// Behind setpriv and unshare, which never are what fails.
const realProgram = (command: Command): string => command[command.indexOf('--') + 1] ?? command[0];

/**
 * The command in a mount and process namespace of its own: what it mounts is seen by nobody else, and when this process
 * dies, however it dies, the command and all its children die too (prctl(2) PR_SET_PDEATHSIG, pid_namespaces(7)).
 * A user that is not root gets a user namespace with its subordinate ids (subuid(5)).
 */
export const contained = (command: Command, namespaces: readonly string[] = []): Command => [
  'setpriv',
  '--pdeathsig',
  'KILL',
  'setsid', // mmdebstrap hangs up its whole process group when it fails: that must not be ours
  'unshare',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  ...(process.getuid?.() === 0 ? [] : ['--map-auto', '--map-root-user']),
  ...namespaces,
  '--',
  ...command,
];

/** Throws the one clear message when this user may not make the namespaces that a build needs. */
export async function checkNamespaces(): Promise<void> {
  try {
    await run(contained(['true']));
  } catch (error) {
    throw new BrokenLabError(
      {
        what: 'this user may not make the namespaces in which the lab host image is built',
        where: 'unshare(1)',
        next: 'run it once as root; in a container, give it CAP_SYS_ADMIN; or install uidmap and give the user a range in /etc/subuid and /etc/subgid',
      },
      error,
    );
  }
}
