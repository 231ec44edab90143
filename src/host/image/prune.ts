import {readdirSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {removeFolder} from '../folder.ts';
import {disksFolder} from './disk.ts';
import {initrdName} from './initrd.ts';
import {kernelsFolder} from './kernel.ts';
import {diskId} from './recipe.ts';

/**
 * Removes from the cache what no lab host is made of any more: disks of earlier recipes, initrds with earlier files of the
 * guest. Kernels stay: each was pulled for itself. Running guests keep what they have open. Returns what it removed, in words.
 */
export function pruneImages(): readonly string[] {
  const disks = names(disksFolder(), /^[0-9a-f]{12}$/).filter(name => name !== diskId);
  for (const name of disks) {
    // Away at once for everybody; the sweep knows the name, if the removal is interrupted.
    const away = join(disksFolder(), `.gone-${name}-${process.pid}`);
    renameSync(join(disksFolder(), name), away);
    removeFolder(away);
  }
  const current = initrdName();
  const initrds = names(kernelsFolder(), /^[^.]/)
    .flatMap(kernel => names(join(kernelsFolder(), kernel), /^initrd-[0-9a-f]{12}$/, kernel))
    .filter(path => !path.endsWith(`/${current}`));
  for (const path of initrds) removeFolder(join(kernelsFolder(), path));
  return [...disks.map(name => `disk ${name}`), ...initrds];
}

/** What is in the folder by the name, as `FOLDER/NAME` when a folder is given; none when it is no folder. */
function names(parent: string, wanted: RegExp, folder?: string): string[] {
  try {
    return readdirSync(parent)
      .filter(name => wanted.test(name))
      .map(name => (folder === undefined ? name : `${folder}/${name}`));
  } catch {
    return [];
  }
}
