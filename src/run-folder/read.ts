import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {editSchema} from '../ipvs/schema.ts';
import {InputError} from '../problem.ts';
import {parseTopology} from '../topology/saved.ts';
import {runFormat, type RunFolder, type RunRecord} from './types.ts';
import {textPath} from './write.ts';

const count = z.int().min(0);
const nanoseconds = z.string().regex(/^\d+$/);

/** A folder from elsewhere must not make a reader open files outside of it. */
const captureFile = z
  .string()
  .regex(/^pcap\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.pcap$/, 'not a path of a capture');

const recordSchema: z.ZodType<RunRecord> = z.strictObject({
  format: z.literal(runFormat),
  id: z.string(),
  lab: z.string(),
  started: z.iso.datetime(),
  lvslab: z.string(),
  kernel: z.string(),
  host: z.strictObject({
    kind: z.enum(['guest', 'engine']),
    accelerator: z.string(),
    engine: z.string(),
  }),
  captures: z.array(
    z.strictObject({
      node: z.string(),
      interface: z.string(),
      file: captureFile,
      ready: z.boolean(),
      flushed: z.boolean(),
      captured: count,
      receivedByFilter: count,
      droppedByKernel: count,
      droppedByInterface: count,
    }),
  ),
  requests: z.array(
    z.strictObject({
      client: z.string(),
      token: z.string(),
      url: z.string(),
      message: z.int().min(1),
      answered: z.boolean(),
      status: count,
      exitCode: count,
      answeredBy: z.string(),
      localAddress: z.string(),
      localPort: count,
    }),
  ),
  events: z.array(
    z.strictObject({
      at: nanoseconds,
      from: nanoseconds.optional(),
      node: z.string(),
      edit: editSchema,
    }),
  ),
  cleared: z
    .array(z.strictObject({node: z.string(), from: nanoseconds, to: nanoseconds}))
    .optional(),
  serving: z
    .array(z.strictObject({node: z.string(), up: z.boolean(), from: nanoseconds, to: nanoseconds}))
    .optional(),
  expiries: z.array(z.strictObject({at: nanoseconds, node: z.string()})).optional(),
  marks: z
    .array(
      z.strictObject({
        kind: z.enum([
          'start',
          'masters',
          'kill',
          'block',
          'cure',
          'synced',
          'knows',
          'who-has',
          'end',
        ]),
        nodes: z.array(z.string()),
        from: nanoseconds,
        to: nanoseconds,
        reached: z.boolean(),
      }),
    )
    .optional(),
  doubts: z.array(z.string()),
  kernelTrouble: z.array(z.string()),
});

/**
 * Opens a run folder: record, topology and, when asked for, texts. Captures are files below it, see
 * `record.captures`; that they are all there is checked here. Throws InputError for a folder that is missing, of
 * an unfinished run, of something else, or damaged.
 */
export function openRunFolder(path: string): RunFolder {
  if (!existsSync(path))
    throw new InputError({
      what: 'there is no run folder here',
      where: path,
      next: 'give the folder that `lvslab run` named at its end',
    });
  if (!existsSync(join(path, 'run.json')))
    throw existsSync(join(path, 'pcap'))
      ? new InputError({
          what: 'this run did not end: its folder has no run.json, which is written last',
          where: path,
          next: 'run the lab again',
        })
      : new InputError({
          what: 'not a run folder: it has no run.json',
          where: path,
          next: 'give a folder that `lvslab run` wrote, which has run.json, topology.json and pcap/',
        });
  const record = parseRecord(readJson(path, 'run.json'), join(path, 'run.json'));
  const topology = parseTopology(readJson(path, 'topology.json'), join(path, 'topology.json'));
  const missing = record.captures.filter(({file}) => !existsSync(join(path, file)));
  if (missing.length > 0)
    throw new InputError(
      missing.map(({file}) => ({
        what: 'a capture of the run is missing',
        where: join(path, file),
        next: 'restore the file, or run the lab again',
      })),
    );
  return {
    path,
    record,
    topology,
    text(node, name) {
      if (!/^[a-z0-9-]+$/i.test(node) || !/^[a-z0-9-]+$/i.test(name)) return '';
      const file = join(path, textPath(node, name));
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
  };
}

function parseRecord(json: unknown, where: string): RunRecord {
  const format = z.object({format: z.number()}).safeParse(json);
  if (format.success && format.data.format !== runFormat)
    throw new InputError({
      what: 'the run folder has a format that this lvslab cannot read',
      where,
      value: String(format.data.format),
      valid: [String(runFormat)],
      next: 'read it with the lvslab that wrote it, or run the lab again',
    });
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(issue => ({
      what: `the run's record is damaged: ${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}`,
      where,
      next: 'restore the file, or run the lab again',
    })),
  );
}

function readJson(folder: string, name: string): unknown {
  const file = join(folder, name);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(
      {
        what: `${name} of the run folder cannot be read`,
        where: file,
        value: error instanceof Error ? error.message : String(error),
        next: 'restore the file, or run the lab again',
      },
      error,
    );
  }
}
