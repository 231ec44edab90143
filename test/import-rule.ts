import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {
  forbiddenImports,
  importCycles,
  importsOf,
  longFiles,
  type Sources,
} from './support/imports.ts';

const src = fileURLToPath(new URL('../src', import.meta.url));
const all: Sources = new Map(
  readdirSync(src, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => [path.slice(src.length + 1), readFileSync(path, 'utf8')]),
);
const modules: Sources = new Map([...all].filter(([file]) => /\.m?[tj]s$/.test(file)));

test('imports of src run downwards only', t => {
  t.true(modules.size > 20);
  t.deepEqual(forbiddenImports(modules), []);
});

test('no files of src import each other in a circle', t => {
  t.deepEqual(importCycles(modules), []);
});

test('no file of src is longer than 250 lines', t => {
  t.deepEqual(longFiles(all, 250), []);
});

test('every form of import is seen, and nothing in comments and strings', t => {
  const text = `
    import a from './a.ts';
    import {b, type B} from "./b.ts";
    import type {C} from './c.ts';
    import * as d from './d.ts';
    import './e.ts';
    export {f} from './f.ts';
    export type {G} from './g.ts';
    export * from './h.ts';
    const i = await import('./i.ts');
    import j, {
      k,
    } from './j.ts';
    import type from './k.ts';
    // import x from './x.ts';
    /* import x from './x.ts'; */
    const y = "import x from './x.ts'";
    const z = \`import x from './x.ts'\`;
  `;
  const typed = (imports: typeof seen): readonly string[] =>
    imports.filter(({typeOnly}) => typeOnly).map(({module}) => module);
  const seen = importsOf(text);
  t.deepEqual(
    seen.map(({module}) => module),
    [...'abcdefghijk'].map(letter => `./${letter}.ts`),
  );
  t.deepEqual(typed(seen), ['./c.ts', './g.ts']);
});

const forbidden = test.macro((t, file: string, text: string, expected: readonly string[]) => {
  t.deepEqual(forbiddenImports(new Map([[file, text]])), expected);
});
test(
  'the live half may not import the offline half, not even its types',
  forbidden,
  'nodes/a.ts',
  "import type {Packet} from '../wire/types.ts'; import {b} from './b.ts';",
  ['nodes/a.ts imports wire/types.ts (types)'],
);
test(
  'wire imports nothing above it',
  forbidden,
  'wire/a.ts',
  "import {b} from '../topology/b.ts'; import {c} from '../problem.ts';",
  ['wire/a.ts imports topology/b.ts'],
);
test(
  'nodes may know the types of run folders, and no more',
  forbidden,
  'nodes/deep/a.ts',
  "import type {A} from '../../run-folder/types.ts'; import {b} from '../../run-folder/write.ts';",
  ['nodes/deep/a.ts imports run-folder/write.ts'],
);
test(
  'lab may not import cli, nor setup',
  forbidden,
  'lab/a.ts',
  "import '../cli/a.ts'; import '../setup/b.ts'; import '../report/c.ts';",
  ['lab/a.ts imports cli/a.ts', 'lab/a.ts imports setup/b.ts'],
);
test('a folder without a rule is told', forbidden, 'utils/a.ts', '', [
  'utils/a.ts: no rule says what src/utils may import',
]);

test('a circle is found, but for one of types', t => {
  const files = (last: string): Sources =>
    new Map([
      ['wire/a.ts', "import './b.ts'"],
      ['wire/b.ts', "import './c.ts'"],
      ['wire/c.ts', last],
    ]);
  t.deepEqual(importCycles(files("import {b} from './b.ts'")), [
    'wire/b.ts > wire/c.ts > wire/b.ts',
  ]);
  t.deepEqual(importCycles(files("import type {B} from './b.ts'")), []);
});

test('a file of 251 lines is too long, one of 250 is not', t => {
  const files: Sources = new Map([
    ['a.ts', 'x\n'.repeat(250)],
    ['b.ts', 'x\n'.repeat(251)],
  ]);
  t.deepEqual(longFiles(files, 250), ['b.ts: 251 lines']);
});
