import {accessSync, constants, existsSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {cachedDisk, disksFolder} from '../host/image/disk.ts';
import {cachedKernels, kernelsFolder} from '../host/image/kernel.ts';
import {configuredMirrors} from '../host/image/mirrors.ts';
import {findLeftovers, freeBytes, inMegabytes} from '../host/image/workshop.ts';
import {cacheFolder, runtimeFolder} from '../own/places.ts';
import {InputError} from '../problem.ts';
import {stalePackages} from './npm-packages.mjs';
import {installCommand, missingPackages, systemPackages} from './packages.ts';

/** One thing that lvslab needs: `warn` is what it can do without or makes by itself. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'warn';
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly next?: string;
}

/** Looks at all that lvslab needs on this machine; changes nothing and uses no network. */
export async function examine(): Promise<readonly Finding[]> {
  return [
    node(),
    npmPackages(),
    ...programs(),
    await sources(),
    room(),
    kvm(),
    kernels(),
    disk(),
    runtime(),
    leftovers(),
  ];
}

const ok = (name: string, found: string): Finding => ({name, state: 'ok', found});
const warn = (name: string, found: string, next: string): Finding => ({
  name,
  state: 'warn',
  found,
  next,
});
const missing = (name: string, found: string, next: string): Finding => ({
  name,
  state: 'missing',
  found,
  next,
});

const node = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  return fine
    ? ok('node', process.versions.node)
    : missing('node', process.versions.node, 'install Node 20.19 or newer');
};

const npmPackages = (): Finding => {
  const stale = stalePackages(fileURLToPath(new URL('../..', import.meta.url))) ?? [];
  return stale.length === 0
    ? ok('npm packages', 'as package-lock.json says')
    : warn(
        'npm packages',
        `${stale.length} missing or of another version`,
        'run: npm install --no-save',
      );
};

const programs = (): readonly Finding[] => {
  const lacking = missingPackages(systemPackages.tests);
  return systemPackages.tests.map(one => {
    const name = `package ${one.name}`;
    if (!lacking.includes(one)) return ok(name, one.why);
    const next = `run: ${installCommand(lacking)}`;
    const onlyTests = !systemPackages.labs.includes(one);
    return (onlyTests ? warn : missing)(name, `not there: ${one.why}`, next);
  });
};

const sources = async (): Promise<Finding> => {
  const {archive, security} = await configuredMirrors();
  return archive === undefined || security === undefined
    ? warn(
        'Debian mirrors',
        "not in apt's lists: mmdebstrap's own will be used",
        'for mirrors of your choice put Debian and its security suite into /etc/apt and run: apt-get update',
      )
    : ok('Debian mirrors', `${withoutLogin(archive)} and ${withoutLogin(security)}`);
};

/** A mirror's address may hold a password, and reports are passed on. */
const withoutLogin = (uri: string): string => uri.replace(/\/\/[^/@]*@/, '//');

const ROOM = 4e9;

const room = (): Finding => {
  let folder = cacheFolder();
  while (!existsSync(folder)) folder = join(folder, '..');
  const free = freeBytes(folder);
  const found = `${inMegabytes(free)} free for ${cacheFolder()}`;
  return free >= ROOM
    ? ok('disk space', found)
    : warn(
        'disk space',
        found,
        `free some: image, kernels and templates take ${inMegabytes(ROOM)}`,
      );
};

const kvm = (): Finding => {
  if (!existsSync('/dev/kvm'))
    return warn('/dev/kvm', 'not there: the lab host is emulated', 'nothing: it works, slower');
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return ok('/dev/kvm', 'there and permitted; whether it works is tried at the first boot');
  } catch {
    return warn(
      '/dev/kvm',
      'there, not permitted',
      'add yourself to its group: usermod -aG kvm USER',
    );
  }
};

const kernels = (): Finding => {
  const releases = cachedKernels();
  return releases.length > 0
    ? ok('kernels', releases.join(', '))
    : warn('kernels', `none in ${kernelsFolder()}`, 'nothing: the first run downloads one (27 MB)');
};

const disk = (): Finding => {
  const path = cachedDisk();
  return path === undefined
    ? warn(
        'lab host disk',
        `not in ${disksFolder()}`,
        'nothing: the first run builds it in a minute or two',
      )
    : ok('lab host disk', path);
};

const runtime = (): Finding => {
  try {
    return ok('runtime folder', runtimeFolder());
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [problem] = error.problems;
    return missing('runtime folder', problem?.what ?? error.message, problem?.next ?? '');
  }
};

const leftovers = (): Finding => {
  const left = [kernelsFolder(), disksFolder()].flatMap(findLeftovers);
  return left.length === 0
    ? ok('leftovers', 'none')
    : warn('leftovers', left.join(', '), 'nothing: the next build removes them');
};
