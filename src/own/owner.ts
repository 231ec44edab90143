import {readFileSync} from 'node:fs';
import {z} from 'zod';

/**
 * Who made a thing: a process of this boot of this machine. A pid alone is not enough, as pids are used again;
 * the start time (clock ticks since boot, field 22 of /proc/PID/stat, proc(5)) tells two of them apart.
 */
export interface Owner {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

const ownerSchema = z.strictObject({pid: z.number(), startTime: z.string(), bootId: z.string()});

/** The start time of a live process; undefined when there is none, or only its zombie. */
export function startTimeOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name is in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** The id of this boot of this machine (random(4)). */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** This process as an owner, or the live process `pid`. Throws when there is no such process. */
export function ownerOf(pid: number = process.pid): Owner {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) throw new Error(`no process ${pid}`);
  return {pid, startTime, bootId: bootId()};
}

/** Whether the owner still runs. An owner of an earlier boot is dead. */
export function isAlive(owner: Owner): boolean {
  return owner.bootId === bootId() && startTimeOf(owner.pid) === owner.startTime;
}

/** One line for a label or a file. */
export const formatOwner = (owner: Owner): string => JSON.stringify(owner);

/** Reads what formatOwner wrote; undefined for anything else, which is then not ours to touch. */
export function parseOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
