import {existsSync, readdirSync, readFileSync, readlinkSync, realpathSync} from 'node:fs';
import {basename, join} from 'node:path';
import {isAlive, ownerOf, startTimeOf} from '../own/owner.ts';
import type {Owner} from '../own/owner.ts';
import {cacheFolder, runtimeFolder} from '../own/places.ts';
import {isAbandoned, notedQemu, removeFolder} from './folder.ts';
import {sweepLocks} from './image/lock.ts';
import {findLeftovers, removeTree} from './image/workshop.ts';
import {poll} from './poll.ts';

/** The folders that this part makes in the runtime folder: what has another name is not looked at. */
const inRuntime = /^(?:g|probe|host)(?:-|$)/;
/** What is made under another name than its own, or is on its way out, ends with the pid of who does it: `.gone-NAME-PID`. */
const going = /^\.gone-.*-(?<pid>\d+)$/;
const halfInitrd = /^initrd-\w+\.(?<pid>\d+)$/;

/**
 * Removes what dead processes of this user left: folders of guests and probes with the QEMU that works in them, what was
 * half built and half removed in the cache, locks. What its maker lives of, or that does not say who made it, is left
 * alone. Returns what it removed, but for locks.
 */
export async function sweepHost(): Promise<readonly string[]> {
  const removed: string[] = [];
  const remove = (path: string): void => {
    removeFolder(path);
    removed.push(path);
  };
  for (const folder of below(runtimeFolder(), inRuntime).filter(isAbandoned)) {
    for (const {pid} of await endQemu(folder)) removed.push(`QEMU ${pid}`);
    remove(folder);
  }
  const parts = ['templates', 'disks', 'kernels'].map(name => join(cacheFolder(), name));
  for (const folder of parts.flatMap(findLeftovers))
    try {
      await removeTree(folder);
      removed.push(folder);
    } catch {
      // A root tree that this user may not remove is no reason for a command to fail; doctor tells of it.
    }
  for (const part of parts) below(part, going).filter(isOfDead(going)).forEach(remove);
  for (const kernel of below(join(cacheFolder(), 'kernels'), /^[^.]/))
    below(kernel, halfInitrd).filter(isOfDead(halfInitrd)).forEach(remove);
  [...parts, runtimeFolder()].forEach(sweepLocks);
  return removed;
}

const isOfDead =
  (names: RegExp) =>
  (path: string): boolean =>
    startTimeOf(Number(names.exec(basename(path))?.groups?.['pid'])) === undefined;

/** Paths in a folder by the name; none when the folder is not there, or is none. */
function below(parent: string, names: RegExp): string[] {
  try {
    return readdirSync(parent)
      .filter(name => names.test(name))
      .map(name => join(parent, name));
  } catch {
    return [];
  }
}

/** Ends the QEMU of a folder, and waits: what it still wrote would be in the way of the removal. */
async function endQemu(folder: string): Promise<Owner[]> {
  const noted = notedQemu(folder);
  // A kill may have come before the note.
  const found = [...(noted === undefined ? [] : [noted]), ...workingIn(folder)].filter(isAlive);
  const ended = found.filter(({pid}, at) => found.findIndex(other => other.pid === pid) === at);
  for (const {pid} of ended)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Its parent's death was quicker.
    }
  await poll(() => (ended.some(isAlive) ? undefined : true), {deadline: 5000});
  return ended;
}

/** QEMU processes whose working folder this is, and those that are to become one (setpriv). */
function workingIn(folder: string): Owner[] {
  const wanted = existsSync(folder) ? realpathSync(folder) : folder;
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        if (readlinkSync(`/proc/${pid}/cwd`) !== wanted) return [];
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes('qemu-system-x86_64') ? [ownerOf(Number(pid))] : [];
      } catch {
        return []; // it has ended, or is another user's
      }
    });
}
