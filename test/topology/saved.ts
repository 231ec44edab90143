import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {loadTopology} from '../../src/topology/load.ts';
import {parseTopology} from '../../src/topology/saved.ts';
import {sample} from './support/sample.ts';

const topology = loadTopology(sample, 'sample.yaml');
const saved = (): unknown => JSON.parse(JSON.stringify(topology));

test('a saved topology is read back as it was', t => {
  t.deepEqual(parseTopology(saved(), 'topology.json'), topology);
});

const refused = test.macro((t, change: object, what: RegExp) => {
  const error = t.throws(() => parseTopology({...topology, ...change}, 'run/topology.json'), {
    instanceOf: InputError,
  });
  t.regex(error.problems[0]?.what ?? '', what);
  t.is(error.problems[0]?.where, 'run/topology.json');
});

test('a topology without nodes is refused', refused, {nodes: undefined}, /: nodes: /);
test('a key that no topology has is refused', refused, {colour: 'red'}, /the whole: .*colour/);
test(
  'a MAC that is none is refused',
  refused,
  {
    nodes: topology.nodes.map(node => ({
      ...node,
      interfaces: node.interfaces.map(link => ({...link, mac: 'eth0'})),
    })),
  },
  /: nodes\.0\.interfaces\.0\.mac: not a MAC address/,
);

test('something else is refused', t => {
  t.throws(() => parseTopology('x', 'topology.json'), {
    instanceOf: InputError,
    message: /^topology.json: not a resolved topology: the whole: /,
  });
});
