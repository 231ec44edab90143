// Plain JavaScript without dependencies: it runs before anything is installed.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/**
 * Packages of package-lock.json that node_modules lacks or has in another version, by the lock file that npm keeps
 * inside node_modules and writes last (npm docs, package-lock.json, "hidden lockfiles"). Optional ones may be absent:
 * they are for other platforms. Undefined when the folder has no lock file.
 *
 * @param {string} folder of package.json
 */
export function stalePackages(folder) {
  const wanted = readLock(join(folder, 'package-lock.json'));
  if (wanted === undefined) return undefined;
  const present = readLock(join(folder, 'node_modules', '.package-lock.json')) ?? {};
  return Object.keys(wanted).filter(path => {
    const [want, have] = [wanted[path], present[path]];
    if (path === '' || (have === undefined && want.optional)) return false;
    return have?.version !== want.version || have?.integrity !== want.integrity;
  });
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
