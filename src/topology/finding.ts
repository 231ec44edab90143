import {nearest} from '../problem.ts';

/** Keys and indexes from the top of a file to a value. */
export type Path = readonly (string | number)[];

/** Something wrong in a topology file; its place and its value's text come from the file. */
export interface Finding {
  readonly path: Path;
  /** Whether the key itself is wrong, or its value, or what the key holds lacks something. */
  readonly at: 'key' | 'value' | 'lack';
  readonly what: string;
  readonly valid?: readonly string[];
  readonly next: string;
}

export type Report = (finding: Finding) => void;

const kinds: Readonly<Record<string, string>> = {
  networks: 'network',
  addresses: 'address',
  nodes: 'node',
};

/** The thing that a path stands in: `node "rs1", interface eth0`. */
export function objectAt(path: Path): string {
  const [section, name, part, item] = path;
  if (name === undefined) return 'the topology';
  const head = `${kinds[String(section)] ?? String(section)} "${name}"`;
  if (item === undefined) return head;
  if (part === 'interfaces') return `${head}, interface ${item}`;
  if (part === 'routes') return `${head}, route ${Number(item) + 1}`;
  if (part === 'services') return `${head}, service ${Number(item) + 1}`;
  return head;
}

/** The next step for a word that is not among the valid ones. */
export function correct(word: string, valid: readonly string[], otherwise: string): string {
  const near = nearest(word, valid);
  return near === undefined ? otherwise : `did you mean ${near}?`;
}
