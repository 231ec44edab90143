import {readdirSync, readFileSync} from 'node:fs';
import {join, relative, resolve, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {InputError, nearest} from '../problem.ts';
import {findTopology, ownTopologies, topologyNames} from '../topology/load.ts';
import type {Topology} from '../topology/types.ts';
import {checkCompared, checkTopologies} from './check-counters.ts';
import {checkLab, labProblems, type Misfit} from './check.ts';
import {importDefault, property} from './import.ts';
import {locate} from './locate.ts';
import {parse} from './parse.ts';
import {plansOfLab} from './any-plan.ts';
import {checkExchange} from './exchange/check.ts';
import {exchangeSchema} from './exchange/schema.ts';
import {checkFailover} from './failover/check.ts';
import {failoverSchema} from './failover/schema.ts';
import {comparisonSchema, labSchema} from './schema.ts';
import type {Comparison, LabFile} from './types.ts';

/** The labs that come with lvslab. */
export const ownLabs = fileURLToPath(new URL('../../labs', import.meta.url));

/** Lab name (`modes/dr`) to file, of all the folders. Throws InputError when two files give one name. */
export function labFiles(folders: readonly string[] = [ownLabs]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of folders.map(path => resolve(path))) {
    for (const entry of listFolder(folder)) {
      if (!/\.(ts|js|mjs)$/.test(entry) || /\.d\.ts$|(^|[\\/])node_modules[\\/]/.test(entry))
        continue;
      const file = join(folder, entry);
      const name = relative(folder, file)
        .replace(/\.(ts|js|mjs)$/, '')
        .split(sep)
        .join('/');
      const other = files.get(name);
      if (other !== undefined && other !== file)
        throw new InputError({
          what: `two labs have the name "${name}"`,
          where: file,
          value: `${other} is named so too`,
          next: 'rename one of the files',
        });
      files.set(name, file);
    }
  }
  return files;
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder, {recursive: true, encoding: 'utf8'}).toSorted();
  } catch (error) {
    throw new InputError(
      {what: 'cannot read the labs folder', where: folder, next: 'check the value of --labs'},
      error,
    );
  }
}

/**
 * The names that the words on a command line stand for: a lab's name, a group (`modes`), or, without words, all.
 * Throws InputError for a word that is neither.
 */
export function selectLabs(words: readonly string[], names: readonly string[]): string[] {
  if (words.length === 0) return [...names];
  const groups = [
    ...new Set(
      names.flatMap(name =>
        name
          .split('/')
          .slice(0, -1)
          .map((_, i, parts) => parts.slice(0, i + 1).join('/')),
      ),
    ),
  ];
  const chosen = words.flatMap(word => {
    const found = names.filter(
      name => name === word || name.startsWith(`${word.replace(/\/$/, '')}/`),
    );
    if (found.length > 0) return found;
    const meant = nearest(word, [...names, ...groups]);
    const group = word.slice(0, word.lastIndexOf('/') + 1);
    throw new InputError({
      what: 'there is no such lab or group of labs',
      value: word,
      valid: [...groups, ...names.filter(name => group !== '' && name.startsWith(group))],
      next: meant === undefined ? 'lvslab labs lists them' : `did you mean "${meant}"?`,
    });
  });
  return [...new Set(chosen)];
}

/** Folders of the user's own, beside those that come with lvslab. */
export interface Folders {
  readonly labs: readonly string[];
  readonly topologies: readonly string[];
}

/** Loads the labs that the words name; all when there are none. Throws InputError as loadLab and selectLabs do. */
export async function loadLabs(words: readonly string[], folders: Folders): Promise<LabFile[]> {
  const files = labFiles([ownLabs, ...folders.labs]);
  return Promise.all(
    selectLabs(words, [...files.keys()]).map(name => loadLab(name, files, folders.topologies)),
  );
}

/** Loads and checks one lab. Throws InputError that names the file, line and column of each thing that is wrong. */
export async function loadLab(
  name: string,
  files: ReadonlyMap<string, string>,
  topologies: readonly string[] = [],
): Promise<LabFile> {
  const file = files.get(name) ?? name;
  const source = readFileSync(file, 'utf8');
  const definition = await importDefault(file);
  const kind = property(definition, 'kind');
  const spec = property(definition, 'spec');
  const refuse = (misfits: readonly Misfit[]): void => {
    if (misfits.length > 0) throw new InputError(labProblems(misfits, file, source));
  };
  if (kind === 'comparison') {
    const comparison: Comparison = {
      ...parse(comparisonSchema, spec, file, source),
      kind,
      name,
      file,
    };
    refuse(checkCompared(comparison, [...files.keys()]));
    return comparison;
  }
  if (kind !== 'lab' && kind !== 'exchange' && kind !== 'failover')
    throw new InputError({
      what: 'a lab file must export a lab as its default export',
      where: locate(file, source, []),
      valid: [
        'export default lab({...})',
        'export default exchange({...})',
        'export default failover({...})',
        'export default comparison({...})',
      ],
      next: 'see labs/modes/dr.ts',
    });
  const lab: Exclude<LabFile, Comparison> =
    kind === 'exchange'
      ? {...parse(exchangeSchema, spec, file, source), kind, name, file}
      : kind === 'failover'
        ? {...parse(failoverSchema, spec, file, source), kind, name, file}
        : {...parse(labSchema, spec, file, source), kind, name, file};
  const folders = [...topologies, ownTopologies];
  refuse(checkTopologies(lab, topologyNames(folders)));
  const topology = findTopology(lab.topology, folders);
  refuse(checkNames(lab, topology));
  try {
    plansOfLab(lab, {counters: true, topologies});
  } catch (error) {
    // What names cannot show: an address without this family, a counter-lab's topology that lacks a node.
    if (!(error instanceof InputError)) throw error;
    const problems = error.problems.map(one => ({
      ...one,
      where: locate(file, source, [], one.value),
    }));
    throw new InputError(problems, error);
  }
  return lab;
}

function checkNames(lab: Exclude<LabFile, Comparison>, topology: Topology): readonly Misfit[] {
  if (lab.kind === 'exchange') return checkExchange(lab, topology);
  return lab.kind === 'failover' ? checkFailover(lab, topology) : checkLab(lab, topology);
}
