import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {open, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';

const MANIFEST = 'manifest.json';

const manifestSchema = z.strictObject({
  builtAt: z.string(),
  /** Size in bytes of each file: one cut short by a crash of the machine is not taken for whole. */
  files: z.record(z.string(), z.number()),
  facts: z.record(z.string(), z.string()),
});

/** What was made, when, and what its builder noted about it. */
export type Manifest = z.output<typeof manifestSchema>;

/** The manifest of a finished folder; undefined when the folder is absent or not whole. */
export function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')));
    const whole = Object.entries(manifest.files).every(
      ([name, size]) => statSync(join(folder, name)).size === size,
    );
    return whole ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts a finished product (a folder of files) in its place in one step, after its bytes are on the disk: whoever sees the
 * folder sees it whole. What is there already and was found not whole is removed.
 */
export async function publish(
  product: string,
  folder: string,
  facts: Readonly<Record<string, string>>,
): Promise<void> {
  const files: Record<string, number> = {};
  for (const name of readdirSync(product)) {
    const path = join(product, name);
    files[name] = statSync(path).size;
    await flush(path);
  }
  const manifest: Manifest = {builtAt: new Date().toISOString(), files, facts: {...facts}};
  await writeFile(join(product, MANIFEST), JSON.stringify(manifest, null, 2), {flush: true});
  if (existsSync(folder)) await rm(folder, {recursive: true});
  await rename(product, folder);
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.datasync();
}
