import {readFileSync, readdirSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {InputError} from '../problem.ts';
import {check} from './check/check.ts';
import {explain} from './explain.ts';
import {correct, type Finding} from './finding.ts';
import {resolve} from './resolve.ts';
import {fileSchema, readDraft} from './schema.ts';
import {readSource} from './source.ts';
import type {Topology} from './types.ts';

const extension = '.yaml';

/** The folder of the topologies that come with lvslab. */
export const ownTopologies: string = fileURLToPath(new URL('../../topologies', import.meta.url));

/**
 * Reads, checks and resolves a topology in YAML. `file` is what errors call it.
 * Throws one InputError with everything that is wrong, in the order of the file, each at `file:line:column`.
 */
export const loadTopology = (text: string, file: string): Topology => load(text, file);

/** Reads a topology file, whose name without its extension must be the topology's. Throws InputError as loadTopology does. */
export function loadTopologyFile(path: string): Topology {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(
      {what: 'the topology file cannot be read', where: path, next: 'check the path'},
      error,
    );
  }
  return load(text, path, basename(path, extname(path)));
}

/** The names of the topologies in the folders, sorted; a folder that does not exist holds none. */
export const topologyNames = (folders: readonly string[]): readonly string[] =>
  [...new Set(folders.flatMap(namesIn))].toSorted();

/**
 * Loads the topology of this name from the first folder that has it.
 * Throws InputError for an unknown name, with the names there are, or when the file is wrong.
 */
export function findTopology(name: string, folders: readonly string[]): Topology {
  const folder = folders.find(candidate => namesIn(candidate).includes(name));
  if (folder !== undefined) return loadTopologyFile(join(folder, name + extension));
  const valid = topologyNames(folders);
  throw new InputError({
    what: 'unknown topology',
    value: name,
    valid,
    next: correct(name, valid, `add ${name}${extension} to one of: ${folders.join(', ')}`),
  });
}

function load(text: string, file: string, expectedName?: string): Topology {
  const source = readSource(text, file);
  const parsed = fileSchema.safeParse(source.data);
  const findings: Finding[] = [
    ...explain(parsed.error?.issues ?? [], source),
    ...check(readDraft(source.data)),
  ];
  if (parsed.success && expectedName !== undefined && parsed.data.name !== expectedName)
    findings.push({
      path: ['name'],
      at: 'value',
      what: 'the topology is not called as its file',
      valid: [expectedName],
      next: 'rename one of them',
    });
  if (!parsed.success || findings.length > 0) throw new InputError(source.problems(findings));
  return resolve(parsed.data);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(file => file.endsWith(extension))
      .map(file => basename(file, extension));
  } catch {
    return [];
  }
}
