import {join} from 'node:path';
import {sourceLine} from './mirrors.ts';
import type {Mirrors} from './mirrors.ts';
import {SUITE} from './recipe.ts';
import type {Root} from './recipe.ts';
import {contained, run} from './run.ts';

// Sources and resolver of the building machine are nobody's business in a lab.
const tidy = ['etc/apt/sources.list', 'etc/resolv.conf', 'etc/hostname'].map(
  file => `--customize-hook=rm -f "$1"/${file}`,
);

/** Builds a Debian root tree as `WORK/NAME.tar` and returns the path. Throws BrokenLabError with what mmdebstrap said. */
export async function makeRoot(root: Root, mirrors: Mirrors, work: string): Promise<string> {
  const tar = join(work, `${root.name}.tar`);
  const suites = [SUITE, `${SUITE}-updates`, `${SUITE}-security`];
  const build = [
    'mmdebstrap',
    '--variant=minbase',
    '--skip=output/dev',
    ...['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale'].map(
      folder => `--dpkgopt=path-exclude=/${folder}/*`,
    ),
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    ...tidy,
    `--include=${root.packages.join(',')}`,
    SUITE,
    tar,
    ...suites.map(suite => sourceLine(mirrors, suite)),
  ] as const;
  // Not root, mmdebstrap makes its own namespaces.
  await run(process.getuid?.() === 0 ? contained(build, ['--mount-proc']) : build, {
    cwd: work,
    env: {TMPDIR: work},
  });
  return tar;
}
