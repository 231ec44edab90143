import {InputError, nearest} from '../../problem.ts';

/** A series of kernels and the Debian suites that carry it. */
export interface KernelSeries {
  readonly series: string;
  readonly suites: readonly [string, ...string[]];
}

/** Debian's cloud kernels for amd64, by upstream series, oldest first. */
export const kernelTable: readonly KernelSeries[] = [
  {series: '5.10', suites: ['bullseye-security']},
  {series: '6.1', suites: ['bookworm', 'bookworm-security']},
  {series: '6.12', suites: ['trixie', 'trixie-security']},
  ...['6.16', '6.17', '6.18', '6.19', '7.0', '7.1', '7.2', '7.3'].map(series => ({
    series,
    suites: ['trixie-backports'] as const,
  })),
];

export const defaultKernel = '6.1';

const FLAVOUR = 'cloud-amd64';

/** Whether a release is the wanted series or release: 6.1.0-56-cloud-amd64 is 6.1 and 6.1.0-56, and not 6.12. */
export const isOfKernel = (release: string, wanted: string): boolean =>
  release === wanted || ['.', '-', '+'].some(next => release.startsWith(wanted + next));

/** The table's row for `6.1` or a release of it, `6.1.0-56`. Throws InputError for a series that is not in the table. */
export function seriesOf(wanted: string): KernelSeries {
  const row = kernelTable.find(({series}) => isOfKernel(wanted, series));
  if (row !== undefined) return row;
  const names = kernelTable.map(({series}) => series);
  const near = nearest(wanted, names);
  throw new InputError({
    what: 'unknown kernel series',
    where: '--kernel',
    value: wanted,
    valid: names,
    ...(near === undefined ? {} : {next: `did you mean ${near}?`}),
  });
}

/** The pattern for apt-cache search that finds the packages of all releases of a series. */
export const packagePattern = (series: string): string =>
  `^linux-(image|binary|modules|base)-${series.replaceAll('.', '\\.')}[.+-].*-${FLAVOUR}$`;

export interface KernelPackages {
  readonly release: string;
  readonly packages: readonly string[];
}

/**
 * The newest wanted release among package names, with all its packages (one until 6.18; image, binary, modules and base
 * later). Throws InputError, naming the releases that there are, when none is wanted.
 */
export function pickRelease(names: readonly string[], wanted: string): KernelPackages {
  const byRelease = new Map<string, string[]>();
  for (const name of names) {
    const release = /^linux-(?:image|binary|modules|base)-(?<release>\d.*)$/.exec(name)?.groups?.[
      'release'
    ];
    if (release !== undefined) byRelease.set(release, [...(byRelease.get(release) ?? []), name]);
  }
  // linux-image-6.12-cloud-amd64 is a meta package: no release has two numbers only.
  const releases = [...byRelease.keys()]
    .filter(release => /^\d+\.\d+\.\d/.test(release))
    .toSorted(compareReleases);
  const release = releases.findLast(candidate => isOfKernel(candidate, wanted));
  if (release === undefined)
    throw new InputError({
      what: 'Debian has no such kernel release any more',
      where: '--kernel',
      value: wanted,
      valid: releases,
      next: 'choose a series, as 6.1, for its newest release',
    });
  return {release, packages: (byRelease.get(release) ?? []).toSorted()};
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
