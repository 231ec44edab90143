import {mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatOwner, isAlive, ownerOf, parseOwner, startTimeOf} from '../own/owner.ts';
import type {Owner} from '../own/owner.ts';
import {runtimeFolder} from '../own/places.ts';

/** The file in a folder that says who made it. */
export const ownerFile = 'owner';
const qemuFile = 'qemu';

/**
 * A new folder `PREFIX-PID-xxxxxx` in `parent` (mode 0700) that says that this process made it: in its name from the
 * first moment, as a kill may come before the owner file, which tells more than a pid, is in it.
 */
export function makeOwnedFolder(prefix: string, parent: string = runtimeFolder()): string {
  const folder = mkdtempSync(join(parent, `${prefix}-${process.pid}-`));
  markOwned(folder);
  return folder;
}

/** Says in a folder that this process made it; at no moment does the folder say nothing, if it said something before. */
export function markOwned(folder: string): void {
  const part = join(folder, `${ownerFile}.part`);
  writeFileSync(part, formatOwner(ownerOf()));
  renameSync(part, join(folder, ownerFile));
}

/** Whether the folder's maker is dead. A folder that does not say who made it is not ours to touch. */
export function isAbandoned(folder: string): boolean {
  const owner = readOwner(join(folder, ownerFile));
  if (owner !== undefined) return !isAlive(owner);
  const pid = /-(\d+)-\w{6}$/.exec(folder)?.[1];
  return pid !== undefined && startTimeOf(Number(pid)) === undefined;
}

/** Notes the QEMU process that works in the folder. */
export function noteQemu(folder: string, pid: number): void {
  writeFileSync(join(folder, qemuFile), formatOwner(ownerOf(pid)));
}

/** The QEMU process noted in the folder, dead or alive. */
export const notedQemu = (folder: string): Owner | undefined => readOwner(join(folder, qemuFile));

/** How often another process that removes the same, or writes in it still, may get in between. */
const attempts = 10;

/** Removes a folder with all in it; another process may be removing it too. */
export function removeFolder(folder: string): void {
  for (let left = attempts; ; left--)
    try {
      // Waits a little, and longer each time, while somebody still makes files in it.
      rmSync(folder, {recursive: true, force: true, maxRetries: 4, retryDelay: 20});
      return;
    } catch (error) {
      // A folder in it was gone when it was read: the other was quicker.
      const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!gone || left === 0) throw error;
    }
}

/** Reads an owner file; undefined when there is none, or it is no owner file. */
export function readOwner(file: string): Owner | undefined {
  try {
    return parseOwner(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
