import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {isAlive, startTimeOf} from '../own/owner.ts';
import {cacheFolder, runtimeFolder} from '../own/places.ts';
import {folderOwner, notedQemu, removeFolder} from './folder.ts';

/** Prefixes of the folders that this part makes, by where they are: what has another name is not looked at. */
const inRuntime = /^(g-|probe-|host$)/;
/** `.work-` is a template that is being built, `.gone-NAME-PID` one that is being removed. */
const inTemplates = /^\.(?:work-|gone-.*-(?<pid>\d+)$)/;

/**
 * Removes what dead processes of this user left: folders of guests and probes with the QEMU noted in them, half-built
 * and half-removed templates. A folder whose maker lives, or that does not say who made it, is left alone. Returns what it removed.
 */
export function sweepHost(): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const folder of folders(runtimeFolder(), inRuntime)) {
    const owner = folderOwner(folder);
    if (owner === undefined || isAlive(owner)) continue;
    const qemu = notedQemu(folder);
    if (qemu !== undefined && isAlive(qemu)) {
      process.kill(qemu.pid, 'SIGKILL');
      removed.push(`QEMU ${qemu.pid}`);
    }
    removeFolder(folder);
    removed.push(folder);
  }
  for (const folder of folders(join(cacheFolder(), 'templates'), inTemplates)) {
    const owner = folderOwner(folder);
    const remover = inTemplates.exec(folder.slice(folder.lastIndexOf('/') + 1))?.groups?.['pid'];
    const dead =
      remover === undefined
        ? owner !== undefined && !isAlive(owner)
        : startTimeOf(Number(remover)) === undefined;
    if (!dead) continue;
    removeFolder(folder);
    removed.push(folder);
  }
  return Promise.resolve(removed);
}

const folders = (parent: string, names: RegExp): string[] =>
  existsSync(parent)
    ? readdirSync(parent)
        .filter(name => names.test(name))
        .map(name => join(parent, name))
    : [];
