import test, {type ExecutionContext} from 'ava';
import {findDeployments, findNode} from '../../src/lab/standing.ts';
import {InputError} from '../../src/problem.ts';
import {fakeEngine} from '../nodes/support/fake-engine.ts';

/** An engine with routed-lan and one-lan deployed, of which both have a client. */
async function engine(t: ExecutionContext) {
  const fake = await fakeEngine();
  t.teardown(() => fake.close());
  const node = (topology: string, name: string) => ({
    Id: `${topology}-${name}`,
    Names: [`/${topology}-${name}`],
    Labels: {
      'lvslab.run': `run-${topology}`,
      'lvslab.topology': topology,
      'lvslab.node': name,
      'lvslab.keep': '',
    },
  });
  fake.answers.set('GET /containers/json', {
    status: 200,
    body: [node('routed-lan', 'client'), node('routed-lan', 'rs1'), node('one-lan', 'client')],
  });
  fake.answers.set('GET /networks', {status: 200, body: []});
  return fake.engine;
}

test('a node is found by its name, or with its topology', async t => {
  const docker = await engine(t);
  for (const word of ['rs1', 'routed-lan/rs1']) {
    const found = await findNode(docker, word);
    t.is(`${found.topology}/${found.node}`, 'routed-lan/rs1');
    t.is(found.container.id, 'routed-lan-rs1');
  }
  t.is((await findNode(docker, 'one-lan/client')).container.id, 'one-lan-client');
});

const refused = test.macro(
  async (t: ExecutionContext, word: string, valid: readonly string[], next: string) => {
    const error = await t.throwsAsync(findNode(await engine(t), word), {instanceOf: InputError});
    t.is(error.problems[0]?.value, word);
    t.deepEqual(error.problems[0]?.valid, valid);
    t.is(error.problems[0]?.next, next);
  },
);
const all = ['routed-lan/client', 'routed-lan/rs1', 'one-lan/client'];
test(
  'a node of two topologies must be named with one',
  refused,
  'client',
  ['routed-lan/client', 'one-lan/client'],
  'name the topology too',
);
test(
  'an unknown node says which was probably meant',
  refused,
  'routed-lan/rs2',
  all,
  'did you mean "routed-lan/rs1"?',
);
test(
  'a mistyped node without its topology is corrected too',
  refused,
  'cleint',
  all,
  'did you mean "client"?',
);
test(
  'a node near none says where they are listed',
  refused,
  'balancer',
  all,
  'lvslab inspect lists what is deployed',
);

test('deployments are found by topology', async t => {
  const docker = await engine(t);
  const names = async (topology?: string): Promise<readonly string[]> =>
    (await findDeployments(docker, topology)).map(({run}) => run);
  t.deepEqual(await names(), ['run-routed-lan', 'run-one-lan']);
  t.deepEqual(await names('one-lan'), ['run-one-lan']);
  const error = await t.throwsAsync(names('one-lam'), {instanceOf: InputError});
  t.is(error.problems[0]?.next, 'did you mean "one-lan"?');
});
