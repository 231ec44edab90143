import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {sourceLine} from './mirrors.ts';
import type {Mirrors} from './mirrors.ts';
import {SUITE} from './recipe.ts';
import type {Root} from './recipe.ts';
import {contained, run} from './run.ts';

// Sources, proxies and resolver of the building machine are nobody's business in a lab.
const tidy = [
  'etc/apt/sources.list',
  'etc/apt/apt.conf.d/99mmdebstrap',
  'etc/resolv.conf',
  'etc/hostname',
].map(file => `--customize-hook=rm -f "$1"/${file}`);

/** Builds a Debian root tree as `WORK/NAME.tar` and returns the path. Throws BrokenLabError with what mmdebstrap said. */
export async function makeRoot(root: Root, mirrors: Mirrors, work: string): Promise<string> {
  const tar = join(work, `${root.name}.tar`);
  const suites = [SUITE, `${SUITE}-updates`, `${SUITE}-security`];
  const build = [
    'mmdebstrap',
    '--mode=root',
    '--variant=minbase',
    '--skip=output/dev',
    ...['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale'].map(
      folder => `--dpkgopt=path-exclude=/${folder}/*`,
    ),
    `--aptopt=${await writeAptOptions(root, work)}`,
    ...tidy,
    `--include=${root.packages.join(',')}`,
    SUITE,
    tar,
    ...suites.map(suite => sourceLine(mirrors, suite)),
  ] as const;
  await run(contained(build, ['--mount-proc']), {cwd: work, env: {TMPDIR: work}});
  return tar;
}

// mmdebstrap's apt does not read this machine's configuration, where a proxy may be named. In a file, as it may hold a
// password and arguments are everybody's to see.
async function writeAptOptions(root: Root, work: string): Promise<string> {
  const proxies = (await run(['apt-config', 'dump']))
    .split('\n')
    .filter(line => /^Acquire::https?::Proxy /i.test(line));
  const file = join(work, `${root.name}-apt.conf`);
  const own = ['Acquire::Languages "none";', 'Acquire::Retries "3";'];
  await writeFile(file, `${[...own, ...proxies].join('\n')}\n`, {mode: 0o600});
  return file;
}
