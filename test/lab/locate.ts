import test from 'ava';
import {locate} from '../../src/lab/locate.ts';

const source = `// title: in a comment
const before = {title: 'a'};
export default lab({
  title: 'rs1 is here',
  realServers: [{node: 'b-rs1'}, {node: 'rs1'}, {node: 'rs11'}],
  expect: {title: 'b', request: [{link: 'client > rs1'}]},
});
`;

const place = test.macro(
  (t, path: readonly string[], value: string | undefined, expected: string) => {
    t.is(locate('lab.ts', source, path, value), `lab.ts:${expected}`);
  },
);
test('a key is looked for below the default export', place, ['title'], undefined, '4:3');
test('keys are looked for one in the other', place, ['expect', 'title'], undefined, '6:12');
test('a value is looked for after its keys', place, ['realServers', '1', 'node'], 'rs1', '5:42');
test('a value is a whole word', place, ['realServers', '2', 'node'], 'rs11', '5:57');
test('a value may be part of a text', place, ['expect', 'request', '0', 'link'], 'rs1', '6:51');
test('a value with signs of regular expressions is plain text', place, ['expect'], 'a.*(', '6:3');
test(
  'without a value that can be found it is the key',
  place,
  ['expect', 'request'],
  'nowhere',
  '6:24',
);
test(
  'without a key that can be found it is the default export',
  place,
  ['nowhere'],
  undefined,
  '3:1',
);
test('an empty value is not looked for', place, ['expect'], '', '6:3');

test('a file without a default export is told at its start', t => {
  t.is(locate('lab.ts', '\nconst a = 1;', []), 'lab.ts:1:1');
});
