import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import {join} from 'node:path';
import {cacheFolder} from '../../own/places.ts';
import {BrokenLabError} from '../../problem.ts';
import type {Progress} from '../image/types.ts';
import {publish, readManifest} from '../image/shelf.ts';
import type {Manifest} from '../image/shelf.ts';
import {inWorkshop} from '../image/workshop.ts';
import {backingOf} from './backing.ts';
import {kernelFactsSchema} from '../kernel-facts.ts';
import type {KernelFacts} from '../types.ts';

/** A saved guest: memory, device state and disk, from which any number of guests continue. Never written once made. */
export interface Template {
  readonly name: string;
  readonly folder: string;
  /** Tells a template from a later one of the same name. */
  readonly builtAt: string;
  readonly kernel: KernelFacts;
  /** `NAME BUILT-AT` of the template whose disk this one's disk is an overlay on. */
  readonly base: string | undefined;
}

/** A guest could not be restored from the template. */
export class BrokenTemplateError extends BrokenLabError {
  readonly template: Template;

  constructor(template: Template, cause: unknown) {
    super(
      cause instanceof BrokenLabError
        ? cause.problems
        : {what: `cannot restore ${template.folder}: ${String(cause)}`},
      cause,
    );
    this.template = template;
  }
}

export const templateFiles = {ram: 'ram', state: 'state', disk: 'disk.qcow2'} as const;
const manifestFile = 'manifest.json';

export const templatesFolder = (): string => join(cacheFolder(), 'templates');

/** The template of this name, built unless it is there whole. Errors: BrokenLabError when the disk is too full; as `build`. */
export async function obtain(
  {name, room}: {name: string; room: number},
  progress: Progress,
  build: (product: string) => Promise<{kernel: KernelFacts; base?: Template}>,
): Promise<Template> {
  const present = readTemplate(name);
  if (present !== undefined) return present;
  const parent = templatesFolder();
  const folder = join(parent, name);
  const job = {name: 'a template of the lab host', parent, key: name, room};
  await inWorkshop(job, progress, async work => {
    if (readTemplate(name) !== undefined) return; // another process made it while this one waited
    const product = join(work, 'product');
    mkdirSync(product);
    const {kernel, base} = await build(product);
    const facts: Record<string, string> = {kernel: JSON.stringify(kernel)};
    if (base !== undefined) facts['base'] = identity(base);
    await publish(product, folder, facts);
  });
  pruneTemplates();
  const template = readTemplate(name);
  if (template === undefined)
    throw new BrokenLabError({what: 'the template went away', where: folder, next: 'run it again'});
  return template;
}

/** Does `work`; when a template in it proves to be broken, removes that and does it once more. */
export async function replacingBroken<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BrokenTemplateError)) throw error;
    progress({
      step: 'build the template anew',
      why: `it could not be restored: ${error.message.split('\n')[0]}`,
    });
    discard(error.template);
    return work();
  }
}

/** Marks the template as just used: pruning takes the longest unused first. */
export function touch(template: Template): void {
  const now = new Date();
  try {
    utimesSync(join(template.folder, manifestFile), now, now);
  } catch {
    // A cache that may only be read serves as well.
  }
}

/**
 * Removes templates that are longest unused until `most` are left and all together take `bytes` at most, and those whose base
 * or disk is gone. A base stays while an overlay on it stays. Running guests keep what they have open. Returns the names.
 */
export function pruneTemplates({most = 80, bytes = 24e9} = {}): readonly string[] {
  const kept = listTemplates().toSorted((a, b) => b.used - a.used);
  const removed: string[] = [];
  const remove = (template: Template): void => {
    discard(template);
    removed.push(template.name);
    kept.splice(
      kept.findIndex(({template: {name}}) => name === template.name),
      1,
    );
  };
  // Bases first, as they may take overlays with them.
  const bases = kept.filter(({template}) => template.base === undefined);
  for (const {template} of [...bases, ...kept.filter(one => !bases.includes(one))]) {
    const orphan =
      template.base !== undefined &&
      !kept.some(other => identity(other.template) === template.base);
    if (orphan || liesOnNothing(template)) remove(template);
  }
  while (kept.length > most || kept.reduce((sum, {size}) => sum + size, 0) > bytes) {
    const last = kept.findLast(
      ({template}) => !kept.some(other => other.template.base === identity(template)),
    );
    if (last === undefined || kept.length === 1) break;
    remove(last.template);
  }
  return removed;
}

/** Whether the disk that its own is an overlay on was removed. */
function liesOnNothing(template: Template): boolean {
  try {
    const backing = backingOf(join(template.folder, templateFiles.disk));
    return backing !== undefined && !existsSync(backing);
  } catch {
    return false; // another process removes it
  }
}

function listTemplates(): {template: Template; used: number; size: number}[] {
  if (!existsSync(templatesFolder())) return [];
  return readdirSync(templatesFolder()).flatMap(name => {
    const template = name.startsWith('.') ? undefined : readTemplate(name);
    if (template === undefined) return [];
    try {
      const used = statSync(join(template.folder, manifestFile)).mtimeMs;
      // The memory is sparse: what it takes is its blocks of 512 bytes (stat(2)), not its length.
      const size = readdirSync(template.folder)
        .map(file => statSync(join(template.folder, file)).blocks * 512)
        .reduce((sum, one) => sum + one, 0);
      return [{template, used, size}];
    } catch {
      return []; // another process removes it
    }
  });
}

/** Undefined when it is absent or not whole. */
function readTemplate(name: string): Template | undefined {
  const folder = join(templatesFolder(), name);
  const manifest = readManifest(folder);
  const kernel = manifest === undefined ? undefined : parseKernel(manifest);
  if (manifest === undefined || kernel === undefined) return undefined;
  return {name, folder, builtAt: manifest.builtAt, kernel, base: manifest.facts['base']};
}

function parseKernel(manifest: Manifest): KernelFacts | undefined {
  try {
    return kernelFactsSchema.parse(JSON.parse(manifest.facts['kernel'] ?? ''));
  } catch {
    return undefined;
  }
}

const identity = (template: Template): string => `${template.name} ${template.builtAt}`;

/** Takes the template away at once for everybody, unless another has taken its place meanwhile. */
function discard(template: Template): void {
  if (readManifest(template.folder)?.builtAt !== template.builtAt) return;
  const away = join(templatesFolder(), `.gone-${template.name}-${process.pid}`);
  mkdirSync(templatesFolder(), {recursive: true});
  try {
    renameSync(template.folder, away);
  } catch {
    return; // another process was quicker
  }
  rmSync(away, {recursive: true, force: true});
}
