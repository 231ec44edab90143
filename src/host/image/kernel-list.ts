import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {BrokenLabError} from '../../problem.ts';
import {openAptTree} from './apt-tree.ts';
import {cachedKernels, kernelsFolder} from './kernel.ts';
import {
  compareReleases,
  kernelTable,
  packagePattern,
  releasesIn,
  seriesOf,
} from './kernel-table.ts';
import {findMirrors, sourceLine} from './mirrors.ts';
import {ownPrefix} from './own-kernel.ts';
import {readManifest} from './shelf.ts';
import {inWorkshop} from './workshop.ts';

/** A series of kernels: what Debian offers of it and what is in the cache, oldest first. */
export interface ListedSeries {
  readonly series: string;
  readonly suites: readonly string[];
  readonly offered: readonly string[];
  readonly pulled: readonly string[];
}

/** A suite as it was asked: its releases, or why it could not be asked. */
export type SuiteAnswer =
  | {readonly suite: string; readonly releases: readonly string[]}
  | {readonly suite: string; readonly error: string};

export interface KernelList {
  readonly series: readonly ListedSeries[];
  /** Suites that could not be asked, all of them without network. */
  readonly unreachable: readonly {readonly suite: string; readonly error: string}[];
  /** Kernels of the user's own in the cache. */
  readonly own: readonly {readonly release: string; readonly from: string}[];
}

/** What Debian's suites offer and what is in the cache. Without network it is the latter, and says so; never throws for that. */
export async function listKernels(): Promise<KernelList> {
  return arrange(await askSuites(), cachedKernels(), ownKernels());
}

/** Puts the answers of the suites and what is in the cache together, by series. */
export function arrange(
  answers: readonly SuiteAnswer[],
  pulled: readonly string[],
  own: KernelList['own'],
): KernelList {
  const known = new Set(kernelTable.map(({series}) => series));
  const newest = kernelTable.at(-1);
  const offeredBy = (suites: readonly string[]): string[] =>
    answers.flatMap(one => ('releases' in one && suites.includes(one.suite) ? one.releases : []));
  const later = [...offeredBy(newest?.suites ?? []), ...pulled]
    .map(seriesOf)
    .filter(series => !known.has(series) && compareReleases(series, newest?.series ?? '') > 0);
  const rows = [
    ...kernelTable,
    ...[...new Set(later)]
      .toSorted(compareReleases)
      .map(series => ({series, suites: newest?.suites ?? []})),
  ];
  const ofSeries = (releases: readonly string[], wanted: string): string[] =>
    [...new Set(releases)]
      .filter(release => seriesOf(release) === wanted)
      .toSorted(compareReleases);
  return {
    series: rows.map(({series, suites}) => ({
      series,
      suites: [...suites],
      offered: ofSeries(offeredBy(suites), series),
      pulled: ofSeries(pulled, series),
    })),
    unreachable: answers.flatMap(one => ('error' in one ? [one] : [])),
    own,
  };
}

async function askSuites(): Promise<SuiteAnswer[]> {
  const suites = [...new Set(kernelTable.flatMap(row => row.suites))];
  const job = {name: 'the list of kernels', parent: kernelsFolder(), key: 'list', room: 150e6};
  try {
    return await inWorkshop(
      job,
      () => {},
      async work => {
        const mirrors = await findMirrors();
        // Apart from each other: a suite that has moved away must not hide the others.
        return Promise.all(
          suites.map(async suite => {
            try {
              const apt = await openAptTree(join(work, suite), [sourceLine(mirrors, suite)]);
              const found = releasesIn(await apt.search(packagePattern));
              return {suite, releases: found.map(({release}) => release)};
            } catch (error) {
              return {suite, error: wordError(error)};
            }
          }),
        );
      },
    );
  } catch (error) {
    return suites.map(suite => ({suite, error: wordError(error)}));
  }
}

/** What apt said, on a line. */
function wordError(error: unknown): string {
  if (!(error instanceof BrokenLabError)) throw error;
  const said = error.problems[0]?.value ?? error.message;
  const line = said.split('\n').find(one => /^\s*[EW]: /.test(one)) ?? said.split('\n')[0] ?? '';
  return line.trim();
}

function ownKernels(): KernelList['own'] {
  if (!existsSync(kernelsFolder())) return [];
  return readdirSync(kernelsFolder())
    .filter(name => name.startsWith(ownPrefix))
    .flatMap(name => {
      const facts = readManifest(join(kernelsFolder(), name))?.facts;
      return facts === undefined
        ? []
        : [{release: facts['release'] ?? name, from: facts['from'] ?? ''}];
    });
}
