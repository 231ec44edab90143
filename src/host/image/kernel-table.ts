import {InputError, nearest} from '../../problem.ts';

/** A series of kernels and the Debian suites that carry it. */
export interface KernelSeries {
  readonly series: string;
  readonly suites: readonly [string, ...string[]];
}

/** The suites that get each new series. */
const newest = ['trixie-backports'] as const;

/** Debian's cloud kernels for amd64, by upstream series, oldest first. */
export const kernelTable: readonly KernelSeries[] = [
  {series: '5.10', suites: ['bullseye-security']},
  {series: '6.1', suites: ['bookworm', 'bookworm-security']},
  {series: '6.12', suites: ['trixie', 'trixie-security']},
  ...['6.16', '6.17', '6.18', '6.19', '7.0', '7.1', '7.2', '7.3'].map(series => ({
    series,
    suites: newest,
  })),
];

export const defaultKernel = '6.1';

const FLAVOUR = 'cloud-amd64';

/** Whether a release is the wanted series or release: 6.1.0-56-cloud-amd64 is 6.1 and 6.1.0-56, and not 6.12. */
export const isOfKernel = (release: string, wanted: string): boolean =>
  release === wanted || ['.', '-', '+'].some(next => release.startsWith(wanted + next));

/** A kernel that was asked for: the row of the table, and the release or series that is wanted of it. */
export interface WantedKernel extends KernelSeries {
  readonly version: string;
}

/**
 * What `6.1`, a release of it (`6.1.0-56`) or a suite (`bullseye-security`: the newest series that is listed with it)
 * stands for. Throws InputError for anything else, without asking anybody.
 */
export function parseWanted(wanted: string): WantedKernel {
  const bySuite = kernelTable.findLast(({suites}) => suites.includes(wanted));
  if (bySuite !== undefined) return {...bySuite, version: bySuite.series};
  const row = kernelTable.find(({series}) => isOfKernel(wanted, series)) ?? laterSeries(wanted);
  if (row !== undefined) return {...row, version: wanted};
  const names = [
    ...kernelTable.map(({series}) => series),
    ...new Set(kernelTable.flatMap(({suites}) => suites)),
  ];
  const near = nearest(wanted, names);
  throw new InputError({
    what: 'unknown kernel series',
    where: '--kernel',
    value: wanted,
    valid: [...names, './bzImage', './linux (a build tree)'],
    next: near === undefined ? 'lvslab kernels list' : `did you mean ${near}?`,
  });
}

/** Debian goes on: a series of the same major version that came after the table was written. */
function laterSeries(wanted: string): KernelSeries | undefined {
  const series = seriesOf(wanted);
  const [major, minor] = numbers(series);
  const [lastMajor, lastMinor = 0] = numbers(kernelTable.at(-1)?.series ?? '');
  const isLater = major === lastMajor && minor !== undefined && minor > lastMinor;
  return isLater ? {series, suites: newest} : undefined;
}

/** `6.1` for `6.1.0-56-cloud-amd64`; '' for what is no version. */
export const seriesOf = (release: string): string => /^\d+\.\d+(?![\d])/.exec(release)?.[0] ?? '';

/** The pattern for apt-cache search that finds the packages of all kernels. */
export const packagePattern = `^linux-(image|binary|modules|base)-[0-9].*-${FLAVOUR}$`;

export interface KernelPackages {
  readonly release: string;
  readonly packages: readonly string[];
}

/** The releases among package names with their packages (one until 6.18; image, binary, modules, base later), oldest first. */
export function releasesIn(names: readonly string[]): readonly KernelPackages[] {
  const byRelease = new Map<string, string[]>();
  for (const name of names) {
    const release = /^linux-(?:image|binary|modules|base)-(?<release>\d.*)$/.exec(name)?.groups?.[
      'release'
    ];
    if (release !== undefined) byRelease.set(release, [...(byRelease.get(release) ?? []), name]);
  }
  // linux-image-6.12-cloud-amd64 is a meta package: no release has two numbers only.
  return [...byRelease]
    .filter(([release]) => /^\d+\.\d+\.\d/.test(release))
    .map(([release, packages]) => ({release, packages: packages.toSorted()}))
    .toSorted((a, b) => compareReleases(a.release, b.release));
}

/**
 * The newest wanted release among package names. Throws InputError, naming the releases of the series that there are, or
 * else the newest of each series, when none is wanted.
 */
export function pickRelease(names: readonly string[], wanted: string): KernelPackages {
  const all = releasesIn(names);
  const found = all.findLast(({release}) => isOfKernel(release, wanted));
  if (found !== undefined) return found;
  const releases = all.map(({release}) => release);
  const alike = releases.filter(release => seriesOf(release) === seriesOf(wanted));
  const newestOfEach = releases.filter(
    (release, i) => seriesOf(release) !== seriesOf(releases[i + 1] ?? ''),
  );
  throw new InputError({
    what:
      alike.length > 0
        ? "Debian's suites have no such kernel release any more"
        : "Debian's suites have no kernel of this series any more",
    where: '--kernel',
    value: wanted,
    valid: alike.length > 0 ? alike : newestOfEach,
    next:
      alike.length > 0
        ? `choose a series, as ${seriesOf(wanted)}, for its newest release`
        : 'choose one of these; lvslab kernels list shows what all suites have',
  });
}

/** Orders releases by the numbers in them: 6.1.0-9 before 6.1.0-56, 6.12.115+deb13 before 6.12.115+deb13.1. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbers = (release: string): readonly number[] =>
  (release.replace(`-${FLAVOUR}`, '').match(/\d+/g) ?? []).map(Number);
