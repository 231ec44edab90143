import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from './run.ts';

/** An apt of our own: other suites than the system's, and nothing of the system's apt is changed. */
export interface AptTree {
  /** Names of the packages that match an extended regular expression. */
  search(pattern: string): Promise<readonly string[]>;
  /** Bytes to download for these packages. */
  size(packages: readonly string[]): Promise<number>;
  /** Downloads the .deb files, checked against the signed lists, into an existing folder. */
  download(packages: readonly string[], folder: string): Promise<void>;
}

/**
 * Opens a private apt tree in `folder` with these lines of sources and fetches their lists. Proxies of the system's
 * apt configuration are kept. Throws BrokenLabError when a list cannot be had or is not signed.
 */
export async function openAptTree(folder: string, sources: readonly string[]): Promise<AptTree> {
  const state = join(folder, 'state');
  const cache = join(folder, 'cache');
  await mkdir(join(state, 'lists', 'partial'), {recursive: true});
  await mkdir(join(cache, 'archives', 'partial'), {recursive: true});
  await writeFile(join(state, 'status'), '');
  await writeFile(join(folder, 'sources.list'), `${sources.join('\n')}\n`);
  const options = [
    `Dir::Etc::SourceList=${join(folder, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    'Dir::Etc::Preferences=/dev/null',
    'Dir::Etc::PreferencesParts=/dev/null',
    `Dir::State=${state}`,
    `Dir::State::Status=${join(state, 'status')}`,
    `Dir::Cache=${cache}`,
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'APT::Update::Error-Mode=any',
    // The user _apt may not enter the cache folder of root or of a user.
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
  ].flatMap(option => ['-o', option]);
  await run(['apt-get', ...options, '-q', 'update']);
  return {
    search: async pattern => {
      const found = await run(['apt-cache', ...options, 'search', '--names-only', pattern]);
      return found
        .split('\n')
        .flatMap(line => line.split(' ', 1))
        .filter(name => name !== '');
    },
    size: async packages => {
      const uris = await run([
        'apt-get',
        ...options,
        '-q',
        '--print-uris',
        'download',
        ...packages,
      ]);
      return sumSizes(uris);
    },
    download: async (packages, into) => {
      await run(['apt-get', ...options, '-q', 'download', ...packages], {cwd: into});
    },
  };
}

/** Sums the sizes in the output of `apt-get --print-uris`: lines of 'URI' FILE SIZE HASH. */
export const sumSizes = (text: string): number =>
  text
    .split('\n')
    .map(line => Number(/^'[^']*' \S+ (?<size>\d+)/.exec(line)?.groups?.['size'] ?? 0))
    .reduce((sum, size) => sum + size, 0);
