import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatOwner, isAlive, ownerOf, parseOwner} from '../own/owner.ts';
import {stateFolder} from '../own/places.ts';

/** Where run folders are kept. */
export const runsFolder = (): string => join(stateFolder(), 'runs');

/** Run folders that are kept; the oldest go first. One takes some 300 KB. */
const mostRuns = 500;
const ownerFile = 'owner';

/** Says in a run folder that this process is writing it. */
export function claimRun(path: string): void {
  writeFileSync(join(path, ownerFile), formatOwner(ownerOf()));
}

/** The run has ended, whole or broken: its folder is the user's now. */
export function releaseRun(path: string): void {
  rmSync(join(path, ownerFile), {force: true});
}

/** Removes run folders that a killed run left unfinished, and the oldest beyond the number that is kept. */
export function sweepRuns(): readonly string[] {
  if (!existsSync(runsFolder())) return [];
  // A name begins with the time at which its run began.
  const runs = readdirSync(runsFolder())
    .filter(name => /^\d{8}-\d{6}-/.test(name))
    .toSorted()
    .map(name => join(runsFolder(), name));
  const written = runs.filter(run => existsSync(join(run, ownerFile)));
  const left = written.filter(run => {
    const owner = parseOwner(readFileSync(join(run, ownerFile), 'utf8'));
    return owner !== undefined && !isAlive(owner);
  });
  const whole = runs.filter(run => !written.includes(run));
  const removed = [...left, ...whole.slice(0, Math.max(0, whole.length - mostRuns))];
  for (const run of removed) rmSync(run, {recursive: true, force: true});
  return left;
}
