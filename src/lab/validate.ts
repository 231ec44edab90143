import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {InputError, type Problem} from '../problem.ts';
import {loadTopologyFile, ownTopologies} from '../topology/load.ts';
import {labFiles, loadLab, ownLabs, selectLabs, type Folders} from './load.ts';

/**
 * Checks what the words name (topology files, labs, groups), or everything there is. Returns a line for each thing
 * that is right; throws one InputError with all that is wrong.
 */
export async function validate(
  words: readonly string[],
  folders: Folders,
): Promise<readonly string[]> {
  const isFile = (word: string): boolean => /\.ya?ml$/.test(word);
  const all = words.length === 0;
  const topologies = all
    ? [ownTopologies, ...folders.topologies].flatMap(yamlFiles)
    : words.filter(isFile);
  const files = labFiles([ownLabs, ...folders.labs]);
  const names =
    all || words.some(word => !isFile(word))
      ? selectLabs(
          words.filter(word => !isFile(word)),
          [...files.keys()],
        )
      : [];
  const lines: string[] = [];
  const problems: Problem[] = [];
  const attempt = async (title: string, check: () => unknown): Promise<void> => {
    try {
      await check();
      lines.push(`ok  ${title}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  };
  for (const file of topologies) await attempt(`topology ${file}`, () => loadTopologyFile(file));
  for (const name of names)
    await attempt(`lab ${name}`, () => loadLab(name, files, folders.topologies));
  if (problems.length > 0) throw new InputError(problems);
  return lines;
}

const yamlFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(name => /\.ya?ml$/.test(name))
        .toSorted()
        .map(name => join(folder, name))
    : [];
