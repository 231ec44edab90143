import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {InputError} from '../../problem.ts';

/** A file of a module tree: where it is now, and its place below lib/modules/RELEASE. */
export interface ModuleFile {
  readonly from: string;
  readonly to: string;
}

/** What depmod(8) needs beside the modules; a kernel that is all built in has the last two only. */
const lists = ['modules.order', 'modules.builtin', 'modules.builtin.modinfo'];
const isModule = /\.ko(?:\.(?:xz|gz|zst))?$/;

/**
 * The modules of a kernel build tree, as `make modules_install` would place them (scripts/Makefile.modinst): those that
 * modules.order names. Throws InputError when the tree's configuration has modules and they are not built.
 */
export function modulesOfBuild(tree: string): readonly ModuleFile[] {
  const order = join(tree, 'modules.order');
  const config = join(tree, '.config');
  const hasModules = existsSync(config) && /^CONFIG_\w+=m$/m.test(readFileSync(config, 'utf8'));
  if (!existsSync(order)) {
    if (!hasModules) return listsIn(tree);
    throw notBuilt(tree, 'modules.order');
  }
  // Before 5.4 the lines began with `kernel/`, which is also a folder of the tree.
  const inTree = (path: string): string =>
    existsSync(join(tree, path)) ? path : path.replace(/^kernel\//, '');
  const files = parseOrder(readFileSync(order, 'utf8'))
    .map(inTree)
    .map(path => ({from: join(tree, path), to: join('kernel', path)}));
  const missing = files.find(({from}) => !existsSync(from));
  if (missing !== undefined) throw notBuilt(tree, missing.from);
  return [...files, ...listsIn(tree)];
}

/** The modules that modules.order names, as `net/a.o` since 6.3 and `net/a.ko` before. */
export const parseOrder = (text: string): readonly string[] => [
  ...new Set(
    text
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.replace(/\.o$/, '.ko')),
  ),
];

const notBuilt = (tree: string, value: string): InputError =>
  new InputError({
    what: 'the modules of the kernel are not built',
    where: tree,
    value: `no ${value}`,
    next: 'run make (or make modules) in the tree, or name an installed tree: --modules DIR',
  });

/** The modules of an installed tree, lib/modules/RELEASE: every module below it, but not through links (build, source). */
export const modulesOfInstalled = (folder: string): readonly ModuleFile[] => [
  ...readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() && isModule.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .map(from => ({from, to: from.slice(folder.length + 1)})),
  ...listsIn(folder),
];

const listsIn = (folder: string): ModuleFile[] =>
  lists.map(to => ({from: join(folder, to), to})).filter(({from}) => existsSync(from));
