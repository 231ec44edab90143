import {existsSync, mkdirSync, readdirSync, statfsSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {BrokenLabError} from '../../problem.ts';
import {isAbandoned, makeOwnedFolder} from '../folder.ts';
import {withLock} from './lock.ts';
import {contained, run} from './run.ts';
import type {Progress} from './types.ts';

const PREFIX = '.work';

export interface Job {
  /** What is made, for messages: `the disk of the lab host`. */
  readonly name: string;
  /** The folder beside whose finished things the work folder is made, so that finishing is a rename. */
  readonly parent: string;
  /** Jobs of one key exclude each other. */
  readonly key: string;
  /** Bytes that the work takes at its largest. */
  readonly room: number;
}

/**
 * Runs a task in a work folder of its own, one process at a time per key, and removes the folder afterwards, as well as
 * those of dead builders beforehand. Throws BrokenLabError, naming the room needed, when the disk is or becomes too full.
 */
export async function inWorkshop<T>(
  job: Job,
  progress: Progress,
  task: (work: string) => Promise<T>,
): Promise<T> {
  mkdirSync(job.parent, {recursive: true});
  return withLock(join(job.parent, `${job.key}.lock`), progress, async () => {
    await removeLeftovers(job.parent, progress);
    if (freeBytes(job.parent) < job.room) throw tooFull(job);
    const work = makeOwnedFolder(PREFIX, job.parent);
    try {
      return await task(work);
    } catch (error) {
      throw isDiskFull(error) ? tooFull(job, error) : error;
    } finally {
      await removeTree(work);
    }
  });
}

/** Work folders in `parent` whose builder is dead; those that do not tell their builder are not ours to touch. */
export function findLeftovers(parent: string): readonly string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter(name => name.startsWith(`${PREFIX}-`))
    .map(name => join(parent, name))
    .filter(isAbandoned);
}

async function removeLeftovers(parent: string, progress: Progress): Promise<void> {
  for (const folder of findLeftovers(parent)) {
    progress({step: `remove ${folder}`, why: 'an interrupted build left it'});
    await removeTree(folder);
  }
}

/** Removes a work folder with all in it. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, {recursive: true, force: true});
  } catch {
    // Files of a root tree belong to subordinate ids when the builder is not root: only its namespace may remove them.
    await run(contained(['rm', '-rf', '--', folder]));
  }
}

/** Bytes that a user may still write to the disk of an existing folder. */
export function freeBytes(folder: string): number {
  const {bavail, bsize} = statfsSync(folder);
  return bavail * bsize;
}

/** Bytes in the unit that people use for disks. */
export const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

function tooFull(job: Job, cause?: unknown): BrokenLabError {
  return new BrokenLabError(
    {
      what: `the disk ${cause === undefined ? 'is' : 'became'} too full to build ${job.name}`,
      where: job.parent,
      value: `${inMegabytes(freeBytes(job.parent))} free`,
      valid: [`${inMegabytes(job.room)} while it is built`],
      next: 'free some room, or set LVSLAB_CACHE to a folder on a larger disk',
    },
    cause,
  );
}

/** Node says ENOSPC; other programs say it in words. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'ENOSPC') return true;
  const {cause} = error;
  const said = cause instanceof Object && 'all' in cause ? String(cause.all) : '';
  return /no space left on device|ENOSPC|enough free space/i.test(`${error.message}\n${said}`);
}
