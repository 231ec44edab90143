import test from 'ava';
import {importDefault, property} from '../../src/lab/import.ts';
import {refusal} from './support/refusal.ts';
import {temporary} from './support/temporary.ts';

const refused = test.macro(async (t, text: string, where: string, value: RegExp) => {
  const problems = await refusal(t, text);
  t.is(problems.length, 1);
  const [problem] = problems;
  t.is(problem?.what, 'the lab file cannot be loaded');
  t.is(problem?.where, where);
  t.regex(problem?.value ?? '', value);
  t.is(problem?.next, 'mend the file, then: lvslab validate');
});
test(
  'a syntax error is told at its place',
  refused,
  "import {lab} from 'lvslab';\nexport default lab({\n  title: 'a' 'b',\n});\n",
  '3:14',
  /^Expected "}" but found "'b'"$/,
);
test(
  'what a lab file throws is told where it threw',
  refused,
  "const boom = (): never => {\n  throw new Error('boom');\n};\nexport default boom();\n",
  '2:9',
  /^boom$/,
);
test(
  'an import of a module that is not there names the module',
  refused,
  "import x from './nowhere.ts';\nexport default x;\n",
  'mine.ts',
  /nowhere\.ts/,
);
test(
  'an import of a name that lvslab does not have names it',
  refused,
  "import {laab} from 'lvslab';\nexport default laab({});\n",
  '1:1',
  /laab/,
);
test(
  'a thrown thing that is no error is told too',
  refused,
  "throw 'words';",
  'mine.ts',
  /^words$/,
);

const wrongExport = test.macro(async (t, text: string, where: string) => {
  const [problem, ...more] = await refusal(t, text);
  t.deepEqual(more, []);
  t.is(problem?.what, 'a lab file must export a lab as its default export');
  t.is(problem?.where, where);
  t.deepEqual(problem?.valid, [
    'export default lab({...})',
    'export default exchange({...})',
    'export default failover({...})',
    'export default comparison({...})',
  ]);
  t.is(problem?.next, 'see labs/modes/dr.ts');
});
test('a file without a default export is no lab', wrongExport, 'export const a = 1;', '1:1');
test('an empty file is no lab', wrongExport, '', '1:1');
test(
  'a default export of something else is no lab',
  wrongExport,
  '\nexport default {title: 1};',
  '2:1',
);
test('null is no lab', wrongExport, 'export default null;', '1:1');
test(
  'an object of another kind is no lab',
  wrongExport,
  "export default {kind: 'phases', spec: {}};",
  '1:1',
);

test('the default export is what the file says, also without a package.json beside it', async t => {
  const folder = temporary(t, {'a.ts': 'const a: number = 7;\nexport default a;'});
  t.is(await importDefault(`${folder}/a.ts`), 7);
});

test('a property of what is no object is undefined', t => {
  t.is(property({kind: 'lab'}, 'kind'), 'lab');
  for (const value of [null, undefined, 'lab', 7]) t.is(property(value, 'length'), undefined);
});
