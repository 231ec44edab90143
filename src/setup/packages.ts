import {accessSync, constants} from 'node:fs';
import {join} from 'node:path';
import {sumSizes} from '../host/image/apt-tree.ts';
import {run} from '../host/image/run.ts';
import type {Progress} from '../host/image/types.ts';
import {inMegabytes} from '../host/image/workshop.ts';
import {BrokenLabError, InputError} from '../problem.ts';

/** A Debian package and what shows that it is there: a command, or a file where commands do not tell. */
export interface SystemPackage {
  readonly name: string;
  readonly shownBy: {readonly command: string} | {readonly file: string};
  readonly why: string;
}

const forLabs: readonly SystemPackage[] = [
  {name: 'qemu-system-x86', shownBy: {command: 'qemu-system-x86_64'}, why: 'runs the lab host'},
  {name: 'qemu-utils', shownBy: {command: 'qemu-img'}, why: 'makes the overlays of its disk'},
  {name: 'mmdebstrap', shownBy: {command: 'mmdebstrap'}, why: 'builds the roots of host and nodes'},
  {name: 'e2fsprogs', shownBy: {command: 'mkfs.ext4'}, why: 'makes the disks'},
  {
    name: 'busybox-static',
    // The command is also that of the package busybox, which needs libraries that an initrd lacks.
    shownBy: {file: '/var/lib/dpkg/info/busybox-static.list'},
    why: 'is all that the initrd consists of',
  },
  {name: 'kmod', shownBy: {command: 'depmod'}, why: 'orders the modules of a kernel'},
  {
    name: 'debian-archive-keyring',
    shownBy: {file: '/usr/share/keyrings/debian-archive-keyring.gpg'},
    why: 'checks the signatures of all that is downloaded',
  },
];
const forTests: readonly SystemPackage[] = [
  {name: 'tshark', shownBy: {command: 'tshark'}, why: 'the second opinion on packets in the tests'},
];
const forBench: readonly SystemPackage[] = [
  {name: 'tcpdump', shownBy: {command: 'tcpdump'}, why: 'reads what decoding is measured against'},
];

/** What lvslab calls, on Debian and its relatives. */
export const systemPackages = {
  labs: forLabs,
  tests: [...forLabs, ...forTests],
  bench: [...forLabs, ...forTests, ...forBench],
} as const;

/** The parts of the system that installing looks at; tests give another one. */
export interface System {
  readonly path: string;
  readonly isRoot: boolean;
}

/** This machine. Tools of administration are in sbin, which users often lack in PATH. */
export const thisSystem = (): System => ({
  path: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
  isRoot: process.getuid?.() === 0,
});

/** Those of the packages that are not there, by looking for files: some microseconds each. */
export const missingPackages = (
  wanted: readonly SystemPackage[],
  system: System = thisSystem(),
): readonly SystemPackage[] =>
  wanted.filter(({shownBy}) =>
    'file' in shownBy ? !isFile(shownBy.file) : !hasCommand(shownBy.command, system),
  );

const isFile = (file: string, mode: number = constants.R_OK): boolean => {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
};

const hasCommand = (command: string, system: System): boolean =>
  system.path
    .split(':')
    .some(folder => folder !== '' && isFile(join(folder, command), constants.X_OK));

/** The one command that installs these packages. */
export const installCommand = (packages: readonly SystemPackage[]): string =>
  `sudo apt-get install -y --no-install-recommends ${namesOf(packages).join(' ')}`;

const namesOf = (packages: readonly SystemPackage[]): readonly string[] =>
  packages.map(({name}) => name);

/**
 * Installs what is missing of `wanted`; without network and in no time when nothing is. Throws InputError, with the
 * command to give, when this user may not, when the system has no apt, or when apt knows no such package.
 */
export async function ensurePackages(
  wanted: readonly SystemPackage[],
  progress: Progress,
  system: System = thisSystem(),
): Promise<void> {
  const missing = missingPackages(wanted, system);
  if (missing.length === 0) return;
  const problem = {
    what: `${missing.length === 1 ? 'a program is' : `${missing.length} programs are`} missing`,
    where: 'system packages',
    value: missing.map(({name, why}) => `${name} (${why})`).join(', '),
  };
  if (!hasCommand('apt-get', system))
    throw new InputError({
      ...problem,
      next: 'this system has no apt-get: install these Debian packages, or what has the same commands here, by its own means',
    });
  if (!system.isRoot) throw new InputError({...problem, next: `run: ${installCommand(missing)}`});
  await install(missing, progress, system);
  const still = missingPackages(missing, system);
  if (still.length > 0)
    throw new BrokenLabError({
      what: 'apt installed the packages, and their programs are still not found',
      where: 'system packages',
      value: namesOf(still).join(', '),
      next: `look at: dpkg -L ${namesOf(still).join(' ')}`,
    });
}

async function install(
  packages: readonly SystemPackage[],
  progress: Progress,
  system: System,
): Promise<void> {
  const names = namesOf(packages);
  const env = {PATH: system.path, DEBIAN_FRONTEND: 'noninteractive'};
  const update = async (): Promise<void> => {
    progress({step: 'update the package lists', why: 'apt has none, or old ones'});
    await run(['apt-get', '-q', 'update'], {env});
  };
  let bytes = await downloadSize(names, system);
  if (bytes === undefined) {
    await update();
    bytes = await downloadSize(names, system);
  }
  if (bytes === undefined) throw await unknownPackages(names, system);
  for (const {name, why} of packages) progress({step: `install ${name}`, why});
  const size = inMegabytes(bytes);
  progress({step: 'download', why: 'these packages and what they need', size});
  const command = ['apt-get', '-q', 'install', '-y', '--no-install-recommends', ...names] as const;
  try {
    await run(command, {env});
  } catch {
    await update(); // Most often the mirror has replaced a file since the lists were fetched.
    await run(command, {env});
  }
}

/** Bytes to download, undefined when apt cannot install them by the lists that it has. */
async function downloadSize(names: readonly string[], {path}: System): Promise<number | undefined> {
  try {
    const options = ['-q', '-y', '--print-uris', '--no-install-recommends'];
    return sumSizes(await run(['apt-get', ...options, 'install', ...names], {env: {PATH: path}}));
  } catch {
    return undefined;
  }
}

async function unknownPackages(names: readonly string[], system: System): Promise<InputError> {
  const sizes = await Promise.all(names.map(name => downloadSize([name], system)));
  const unknown = names.filter((_, i) => sizes[i] === undefined);
  return new InputError({
    what: 'apt cannot install what lvslab needs',
    where: 'system packages',
    value: (unknown.length > 0 ? unknown : names).join(', '),
    next: 'check the sources in /etc/apt: lvslab is at home on Debian 12 and newer',
  });
}
