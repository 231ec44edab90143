import Table from 'cli-table3';

/** A table without frames, columns parted by two blanks: readable on a terminal, in a log and in a mail. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 2},
    chars: Object.fromEntries(
      [
        'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right',
        'left left-mid mid mid-mid right right-mid middle',
      ]
        .flatMap(line => line.split(' '))
        .map(place => [place, '']),
    ),
  });
  table.push(...rows.map(row => [...row]));
  return table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}
