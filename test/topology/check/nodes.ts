import test from 'ava';
import {InputError} from '../../../src/problem.ts';
import {loadTopology} from '../../../src/topology/load.ts';
import {fails} from '../support/fails.ts';

test(
  'a reserved node name is refused',
  fails,
  [['  rs1:', '  rs:']],
  `
sample.yaml:27:3: reserved name of a node
  got    rs
  valid  any but rs, none, any, all
  next   rename it
`,
);

test(
  'interfaces that are out of order is refused',
  fails,
  [['eth1: {', 'eth2: {']],
  `
sample.yaml:20:7: interface out of order in node "router"
  got    eth2
  valid  eth1
  next   name interfaces eth0, eth1 ... in the order of the file: this one is eth1
`,
);

test(
  'a port that is served twice is refused',
  fails,
  [['{http: 8080}', '{http: 80}']],
  `
sample.yaml:33:35: duplicate port in node "rs1"
  got    80
  next   give each service a port of its own
`,
);

const manyNodes = (count: number): string =>
  `name: many\nnetworks:\n  lan: {v4: 10.0.0.0/16}\nnodes:\n${Array.from(
    {length: count},
    (_, index) =>
      `  n${index}: {role: client, interfaces: {eth0: {network: lan, v4: 10.0.1.${index + 1}}}}\n`,
  ).join('')}`;

test('250 nodes are accepted, each with a MAC and a name of its own', t => {
  const {nodes} = loadTopology(manyNodes(250), 'many.yaml');
  const links = nodes.flatMap(node => node.interfaces);
  t.is(new Set(links.map(({mac}) => mac)).size, 250);
  t.is(new Set(links.flatMap(({names}) => names)).size, 250);
});

test('251 nodes are refused at the node that is too many', t => {
  const error = t.throws(() => loadTopology(manyNodes(251), 'many.yaml'), {
    instanceOf: InputError,
  });
  t.is(
    error.message,
    'many.yaml:255:3: too many nodes: 251\n  got    n250\n  valid  at most 250\n  next   remove some',
  );
});
