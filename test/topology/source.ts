import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {loadTopology} from '../../src/topology/load.ts';
import {sample, spoil} from './support/sample.ts';
import {fails} from './support/fails.ts';

test(
  'a YAML syntax error is refused',
  fails,
  [['[{http: 80}, {http: 8080}]', '[{http: 80}, {http: 8080}']],
  `
sample.yaml:34:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]
  next   correct the YAML syntax here
`,
);

test(
  'a tab as indentation is refused',
  fails,
  [['    role: router', '\trole: router']],
  `
sample.yaml:17:1: not valid YAML: Tabs are not allowed as indentation
  next   correct the YAML syntax here
sample.yaml:17:8: not valid YAML: Nested mappings are not allowed in compact mappings
  next   correct the YAML syntax here
sample.yaml:17:8: not valid YAML: Implicit keys need to be on a single line
  next   correct the YAML syntax here
sample.yaml:21:1: not valid YAML: All mapping items must start at the same column
  next   correct the YAML syntax here
sample.yaml:23:1: not valid YAML: All mapping items must start at the same column
  next   correct the YAML syntax here
sample.yaml:27:1: not valid YAML: All mapping items must start at the same column
  next   correct the YAML syntax here
`,
);

test(
  'a duplicate key is refused',
  fails,
  [['  rs1:', '  director:']],
  `
sample.yaml:27:3: duplicate key
  got    director
  next   rename or remove one of them
`,
);

test(
  'a duplicate key in a flow map is refused',
  fails,
  [
    [
      'eth0: {network: outer, v4: 192.0.2.1,',
      'eth0: {network: outer, v4: 192.0.2.3, v4: 192.0.2.1,',
    ],
  ],
  `
sample.yaml:19:45: duplicate key
  got    v4
  next   rename or remove one of them
`,
);

test(
  'several documents is refused',
  fails,
  [['nodes:', '---\nnodes:']],
  `
sample.yaml:8:1: several YAML documents in one file
  next   keep one topology per file
`,
);

test(
  'an unknown tag is refused',
  fails,
  [['role: router', 'role: !part router']],
  `
sample.yaml:17:11: not valid YAML: Unresolved tag: !part
  next   correct the YAML syntax here
`,
);

test(
  'an alias without an anchor is refused',
  fails,
  [['role: router', 'role: *part']],
  `
sample.yaml:17:11: alias of an anchor that does not exist
  got    *part
  next   set the anchor before it
`,
);

test(
  'a key that JavaScript objects swallow is refused',
  fails,
  [['  rs1:', '  __proto__:']],
  `
sample.yaml:27:3: a key that is never valid
  got    __proto__
  next   remove it
`,
);

test('lines that end in CR LF have the same places', t => {
  const text = spoil(sample, 'role: realServer', 'role: realServr').replaceAll('\n', '\r\n');
  const error = t.throws(() => loadTopology(text, 'sample.yaml'), {instanceOf: InputError});
  t.is(error.problems[0]?.where, 'sample.yaml:28:11');
});

test('a wrong value behind an alias is reported where it is written', t => {
  const text = `${spoil(sample, 'routes:\n      - {to: default, via: 198', 'routes: &way\n      - {to: default, via: 199')}  rs2:
    role: realServer
    interfaces:
      eth0: {network: lan, v4: 198.51.100.22}
    routes: *way
`;
  t.throws(() => loadTopology(text, 'sample.yaml'), {
    instanceOf: InputError,
    message: /^sample.yaml:32:28: .* node "rs1", route 1\n[^]*^sample.yaml:32:28: .* node "rs2"/m,
  });
});

test('aliases that multiply without end are refused', t => {
  const rows = Array.from(
    {length: 9},
    (_, row) => `a${row + 1}: &a${row + 1} [${Array(9).fill(`*a${row}`).join(', ')}]`,
  );
  t.throws(() => loadTopology(`a0: &a0 x\n${rows.join('\n')}\n`, 'sample.yaml'), {
    instanceOf: InputError,
    message: /^sample.yaml:1:1: the YAML aliases cannot be followed/,
  });
});

for (const [title, text, message] of [
  ['an empty file', '', 'the topology must be a map'],
  ['a list', '- a', 'the topology must be a map'],
  ['a bare text', 'topology', 'the topology must be a map'],
] as const)
  test(`${title} is no topology`, t => {
    const error = t.throws(() => loadTopology(text, 'sample.yaml'), {instanceOf: InputError});
    t.is(error.problems.length, 1);
    t.is(error.problems[0]?.what, message);
    t.is(error.problems[0]?.where, 'sample.yaml:1:1');
  });
