import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {markOwned, ownerFile, readOwner, removeFolder} from '../host/folder.ts';
import {isAlive, startTimeOf} from '../own/owner.ts';
import {stateFolder} from '../own/places.ts';

/** Where run folders are kept. */
export const runsFolder = (): string => join(stateFolder(), 'runs');

/** Run folders that are kept; the oldest go first. One takes some 300 KB. */
const mostRuns = 500;

/** Says in a run folder that this process is writing it. */
export const claimRun = markOwned;

/** The run has ended, whole or broken: its folder is the user's now. */
export function releaseRun(path: string): void {
  rmSync(join(path, ownerFile), {force: true});
}

/**
 * Removes run folders that a killed run left unfinished, and the oldest beyond the number that is kept. Returns the
 * unfinished ones.
 */
export function sweepRuns(): readonly string[] {
  removeHalfProofs();
  if (!existsSync(runsFolder())) return [];
  // A name begins with the time at which its run began.
  const runs = readdirSync(runsFolder())
    .filter(name => /^\d{8}-\d{6}-/.test(name))
    .toSorted()
    .map(name => join(runsFolder(), name));
  const written = runs.filter(run => existsSync(join(run, ownerFile)));
  const left = written.filter(run => {
    // Another command may remove it, or its run may end, at this moment.
    const owner = readOwner(join(run, ownerFile));
    return owner !== undefined && !isAlive(owner);
  });
  const whole = runs.filter(run => !written.includes(run));
  const removed = [...left, ...whole.slice(0, Math.max(0, whole.length - mostRuns))];
  for (const run of removed) removeFolder(run);
  return left;
}

/** What proof.ts writes and then renames, by the pid of a dead process. */
function removeHalfProofs(): void {
  if (!existsSync(stateFolder())) return;
  for (const name of readdirSync(stateFolder())) {
    const pid = /^proofs\.json\.(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && startTimeOf(Number(pid)) === undefined)
      rmSync(join(stateFolder(), name), {force: true});
  }
}
