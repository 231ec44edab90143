import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {isAlive} from '../own/owner.ts';
import {runtimeFolder} from '../own/places.ts';
import {kernelFactsSchema} from './kernel-facts.ts';

/** What the supervisor of a lab host that stays says of it. */
const recordSchema = z.strictObject({
  owner: z.strictObject({pid: z.number(), startTime: z.string(), bootId: z.string()}),
  /** The engine's socket, for DOCKER_HOST. */
  socket: z.string(),
  /** A connection to it is a `sh` of its own. */
  commands: z.string(),
  /** The console shell for people. */
  shell: z.string(),
  kernel: kernelFactsSchema,
  accelerator: z.string(),
  nodeImage: z.string(),
});
export type HostRecord = z.infer<typeof recordSchema>;

export const hostFolder = (): string => join(runtimeFolder(), 'host');
const recordFile = (): string => join(hostFolder(), 'host.json');

/** The lab host that stays; undefined when none is up, also when its supervisor is dead. */
export function readHostRecord(): HostRecord | undefined {
  try {
    const record = recordSchema.parse(JSON.parse(readFileSync(recordFile(), 'utf8')));
    return isAlive(record.owner) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function writeHostRecord(record: HostRecord): void {
  const part = `${recordFile()}.part`;
  writeFileSync(part, JSON.stringify(record, null, 2));
  renameSync(part, recordFile());
}
