import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import {join} from 'node:path';
import {readManifest} from '../../../src/host/image/shelf.ts';
import {cacheFolder} from '../../../src/own/places.ts';

/** Makes `folder` a cache with the kernels and disks of the user's own, and templates of its own. */
export function shareCache(folder: string): void {
  if (existsSync(join(folder, 'templates'))) return;
  mkdirSync(join(folder, 'templates'), {recursive: true});
  for (const name of ['kernels', 'disks'])
    symlinkSync(join(cacheFolder(), name), join(folder, name));
  const probed = join(cacheFolder(), 'accelerator.json');
  if (existsSync(probed)) copyFileSync(probed, join(folder, 'accelerator.json'));
}

/** Names of the folders of finished templates. */
export const templatesOf = (cache: string): string[] =>
  readdirSync(join(cache, 'templates'), {withFileTypes: true})
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({name}) => name)
    .toSorted();

/** Templates that are not whole. */
export const brokenTemplates = (cache: string): string[] =>
  templatesOf(cache).filter(name => readManifest(join(cache, 'templates', name)) === undefined);

/** What is in the folder of the templates and is none: halves, what is being removed, locks. */
export const besideTemplates = (cache: string): string[] =>
  readdirSync(join(cache, 'templates'))
    .filter(name => !templatesOf(cache).includes(name))
    .map(name => join(cache, 'templates', name));

/** When a template was last continued from, in milliseconds. */
export const usedAt = (cache: string, name: string): number =>
  statSync(join(cache, 'templates', name, 'manifest.json')).mtimeMs;

export const removeTemplate = (cache: string, name: string): void =>
  rmSync(join(cache, 'templates', name), {recursive: true});
