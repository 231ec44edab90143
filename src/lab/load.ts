import {readdirSync, readFileSync} from 'node:fs';
import {join, relative, resolve, sep} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {z} from 'zod';
import {InputError, nearest, type Problem} from '../problem.ts';
import {findTopology, ownTopologies} from '../topology/load.ts';
import {checkLab, labProblems} from './check.ts';
import {locate} from './locate.ts';
import {comparisonSchema, labSchema} from './schema.ts';
import type {Comparison, Lab} from './types.ts';

/** The labs that come with lvslab. */
export const ownLabs = fileURLToPath(new URL('../../labs', import.meta.url));

/** Lab name (`modes/dr`) to file, of all the folders. Throws InputError when two files give one name. */
export function labFiles(folders: readonly string[] = [ownLabs]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of folders.map(path => resolve(path))) {
    for (const entry of listFolder(folder)) {
      if (!/\.(ts|js|mjs)$/.test(entry) || entry.endsWith('.d.ts')) continue;
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
    throw new InputError({
      what: 'there is no such lab or group of labs',
      value: word,
      valid: [...groups, ...names],
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
export async function loadLabs(
  words: readonly string[],
  folders: Folders,
): Promise<(Lab | Comparison)[]> {
  const files = labFiles([ownLabs, ...folders.labs]);
  return Promise.all(
    selectLabs(words, [...files.keys()]).map(name =>
      loadLab(name, files.get(name) ?? name, folders.topologies),
    ),
  );
}

/** Loads and checks one lab file. Throws InputError that names the file, line and column of what is wrong. */
export async function loadLab(
  name: string,
  file: string,
  topologies: readonly string[] = [],
): Promise<Lab | Comparison> {
  const source = readFileSync(file, 'utf8');
  const definition = await importDefault(file);
  const kind = property(definition, 'kind');
  const spec = property(definition, 'spec');
  if (kind === 'comparison') {
    return {...parse(comparisonSchema, spec, file, source), kind, name, file};
  }
  if (kind !== 'lab')
    throw new InputError({
      what: 'a lab file must export a lab as its default export',
      where: `${file}:1:1`,
      valid: ['export default lab({...})', 'export default comparison({...})'],
      next: 'see labs/modes/dr.ts',
    });
  const lab: Lab = {...parse(labSchema, spec, file, source), kind, name, file};
  const problems = checkLab(lab, findTopology(lab.topology, [...topologies, ownTopologies]));
  if (problems.length > 0) throw new InputError(labProblems(problems, file, source));
  return lab;
}

async function importDefault(file: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(file).href);
    return property(module, 'default');
  } catch (error) {
    throw new InputError(
      {
        what: `the lab file cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
        where: file,
        next: 'mend the file, then: lvslab validate',
      },
      error,
    );
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function parse<T>(schema: z.ZodType<T>, spec: unknown, file: string, source: string): T {
  const result = schema.safeParse(spec, {reportInput: true});
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map((issue): Problem => {
      const path = issue.path.map(String);
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const valid = issue.code === 'invalid_value' ? issue.values.map(String) : undefined;
      const value = keys[0] ?? printable(issue.input);
      const meant = value !== undefined && valid !== undefined ? nearest(value, valid) : undefined;
      return {
        what: `${issue.message} (${['lab', ...path].join('.')})`,
        where: locate(file, source, path, value),
        value,
        valid,
        next: meant === undefined ? undefined : `did you mean "${meant}"?`,
      };
    }),
  );
}

const printable = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
