import {posix} from 'node:path';

/** One import of a source file. */
export interface Import {
  /** Module as the file names it: `../problem.ts`, `zod`, `node:fs`. */
  readonly module: string;
  /** `import type` and `export type`: gone at run time. */
  readonly typeOnly: boolean;
}

/** Paths below `src/` (`wire/ipv4.ts`) with their texts. */
export type Sources = ReadonlyMap<string, string>;

/** What each folder of src may import; `:types` allows type-only imports. A folder may always import itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  problem: [],
  quote: ['problem'],
  own: ['problem'],
  wire: ['problem'],
  topology: ['problem'],
  'run-folder': ['ipvs', 'topology', 'problem'],
  host: ['own', 'problem', 'quote'],
  nodes: ['host', 'topology', 'run-folder:types', 'own', 'problem', 'quote'],
  ipvs: ['topology', 'problem'],
  traffic: ['nodes', 'topology', 'run-folder', 'problem', 'quote'],
  capture: ['nodes', 'topology', 'run-folder', 'problem', 'quote'],
  trace: ['wire', 'topology', 'run-folder', 'problem'],
  verdict: ['trace', 'wire', 'topology', 'ipvs', 'run-folder', 'problem'],
  report: ['verdict', 'trace', 'wire', 'topology', 'run-folder', 'problem'],
  setup: ['own', 'problem', 'host'],
};
const below = Object.keys(allowed).filter(folder => folder !== 'setup');
const rules: Readonly<Record<string, readonly string[]>> = {
  ...allowed,
  lab: below,
  cli: [...below, 'setup', 'lab'],
};

// A string, a comment or a regular expression's look-alike is passed over first, so what it holds is no import.
const tokens =
  /(?<comment>\/\*[^]*?\*\/|\/\/[^\n]*)|\b(?:import|export)\b\s*(?<type>type\b(?!\s*(?:,|from\b)))?(?:[\w$*\s{},]*?\bfrom\s*|\s*\(\s*|\s*)(?<quote>['"])(?<module>[^'"\n]+)\k<quote>|(?<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)/g;

/** The imports and re-exports of a TypeScript or JavaScript text, dynamic ones with a plain string included. */
export const importsOf = (text: string): readonly Import[] =>
  [...text.matchAll(tokens)].flatMap(({groups}) =>
    groups?.['module'] === undefined
      ? []
      : [{module: groups['module'], typeOnly: groups['type'] !== undefined}],
  );

/** The imports of each file within src, as paths below src. */
const edges = (file: string, text: string): readonly {to: string; typeOnly: boolean}[] =>
  importsOf(text)
    .filter(({module}) => module.startsWith('.'))
    .map(({module, typeOnly}) => ({to: posix.join(posix.dirname(file), module), typeOnly}));

/** `wire` for `wire/ipv4.ts`, `problem` for `problem.ts`. */
const folderOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.\w+$/, '');

/** Imports that do not run downwards, in words. */
export const forbiddenImports = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([file, text]) => {
    const from = folderOf(file);
    const rule = rules[from];
    if (rule === undefined) return [`${file}: no rule says what src/${from} may import`];
    return edges(file, text).flatMap(({to, typeOnly}) => {
      const folder = folderOf(to);
      const fine =
        folder === from || rule.includes(folder) || (typeOnly && rule.includes(`${folder}:types`));
      return fine ? [] : [`${file} imports ${to}${typeOnly ? ' (types)' : ''}`];
    });
  });

/** Circles of files that import each other's values, each once: `a.ts > b.ts > a.ts`. */
export function importCycles(sources: Sources): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push([...trail.slice(start), file].join(' > '));
    if (start >= 0 || done.has(file)) return;
    for (const {to, typeOnly} of edges(file, sources.get(file) ?? ''))
      if (!typeOnly) visit(to, [...trail, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return cycles;
}

/** Files with more lines than that. */
export const longFiles = (sources: Sources, most: number): readonly string[] =>
  [...sources].flatMap(([file, text]) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > most ? [`${file}: ${lines} lines`] : [];
  });
