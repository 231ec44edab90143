import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatOwner, ownerOf, parseOwner} from '../own/owner.ts';
import type {Owner} from '../own/owner.ts';
import {runtimeFolder} from '../own/places.ts';

const ownerFile = 'owner';
const qemuFile = 'qemu';

/** A new folder `PREFIXxxxxxx` in `parent` (mode 0700) that says that this process made it. */
export function makeOwnedFolder(prefix: string, parent: string = runtimeFolder()): string {
  const folder = mkdtempSync(join(parent, prefix));
  markOwned(folder);
  return folder;
}

/** Says in a folder that this process made it. */
export function markOwned(folder: string): void {
  writeFileSync(join(folder, ownerFile), formatOwner(ownerOf()));
}

/** Who made the folder; undefined when it does not say so, and it is then not ours to touch. */
export const folderOwner = (folder: string): Owner | undefined =>
  readOwner(join(folder, ownerFile));

/** Notes the QEMU process that works in the folder. */
export function noteQemu(folder: string, pid: number): void {
  writeFileSync(join(folder, qemuFile), formatOwner(ownerOf(pid)));
}

/** The QEMU process noted in the folder, dead or alive. */
export const notedQemu = (folder: string): Owner | undefined => readOwner(join(folder, qemuFile));

export function removeFolder(folder: string): void {
  rmSync(folder, {recursive: true, force: true});
}

/** Reads an owner file; undefined when there is none, or it is no owner file. */
export function readOwner(file: string): Owner | undefined {
  try {
    return parseOwner(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
