import {escapeControls} from './style.ts';
import {plainTable} from './table.ts';

/** What there is of kernels: KernelList of src/host. */
export interface KernelRows {
  readonly series: readonly {
    readonly series: string;
    readonly suites: readonly string[];
    readonly offered: readonly string[];
    readonly pulled: readonly string[];
  }[];
  readonly unreachable: readonly {readonly suite: string; readonly error: string}[];
  readonly own: readonly {readonly release: string; readonly from: string}[];
}

const none = '-';

/** `lvslab kernels list` for people: a row a series, then the user's own kernels and what could not be asked. */
export function kernelListReport({series, unreachable, own}: KernelRows): string {
  const asked = new Set(series.flatMap(({suites}) => suites));
  const isOffline = [...asked].every(suite => unreachable.some(one => one.suite === suite));
  const rows = isOffline ? series.filter(({pulled}) => pulled.length > 0) : series;
  const table = plainTable(
    ['series', 'newest offered', 'offered', 'pulled', 'suites'],
    rows.map(row => [
      row.series,
      row.offered.at(-1) ?? none,
      isOffline ? none : String(row.offered.length),
      row.pulled.join(' ') || none,
      row.suites.join(' '),
    ]),
  );
  const owned = own.map(({release, from}) => `own     ${release}  ${escapeControls(from)}`);
  const news = isOffline
    ? [`offline: Debian's suites could not be asked, this is what is pulled`]
    : unreachable.map(({suite}) => `${suite} could not be asked`);
  const why = unreachable.slice(0, isOffline ? 1 : undefined).map(({error}) => `  ${error}`);
  const doubts = news.flatMap((line, i) => [line, ...why.slice(i, i + 1).map(escapeControls)]);
  return `${[table, ...owned, ...doubts].join('\n')}\n`;
}
