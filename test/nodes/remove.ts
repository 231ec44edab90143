import test from 'ava';
import {destroy, inspect, sweepEngine} from '../../src/nodes/remove.ts';
import {formatOwner, ownerOf} from '../../src/own/owner.ts';
import {BrokenLabError} from '../../src/problem.ts';
import {until} from '../own/support/until.ts';
import {fakeEngine, type FakeEngine} from './support/fake-engine.ts';

const alive = formatOwner(ownerOf());
const dead = formatOwner({...ownerOf(), startTime: '1'});

type Thing = readonly [name: string, owner: string, extra?: Record<string, string>];

async function engineWith(
  containers: readonly Thing[],
  networks: readonly Thing[],
): Promise<FakeEngine> {
  const fake = await fakeEngine();
  const labels = (owner: string, extra = {}) => ({
    'lvslab.run': 'run-1',
    'lvslab.owner': owner,
    'lvslab.topology': 'small',
    ...extra,
  });
  fake.answers.set('GET /containers/json', {
    status: 200,
    body: containers.map(([name, owner, extra]) => ({
      Id: name,
      Names: [`/${name}`],
      Labels: labels(owner, extra),
    })),
  });
  fake.answers.set('GET /networks', {
    status: 200,
    body: networks.map(([name, owner, extra]) => ({
      Id: name,
      Name: name,
      Labels: labels(owner, extra),
    })),
  });
  for (const [name] of containers)
    fake.answers.set(`DELETE /containers/${name}`, {status: 204, body: ''});
  for (const [name] of networks)
    fake.answers.set(`DELETE /networks/${name}`, {status: 204, body: ''});
  return fake;
}

const deleted = (fake: FakeEngine) =>
  fake.requests.map(({line}) => line.replace(/\?.*/, '')).filter(line => line.startsWith('DELETE'));

test('a sweep removes what dead owners left, and nothing else', async t => {
  const fake = await engineWith(
    [
      ['dead', dead],
      ['alive', alive],
      ['kept', dead, {'lvslab.keep': 'true'}],
      ['unknown', 'garbage'],
    ],
    [
      ['dead-net', dead],
      ['alive-net', alive],
    ],
  );
  t.teardown(() => fake.close());
  t.deepEqual(await sweepEngine(fake.engine), ['container dead', 'network dead-net']);
  t.deepEqual(deleted(fake), ['DELETE /containers/dead', 'DELETE /networks/dead-net']);
});

test('a run is destroyed by its label: containers first, and what is gone already is fine', async t => {
  const fake = await engineWith(
    [
      ['a', alive],
      ['b', alive],
    ],
    [['net', alive]],
  );
  t.teardown(() => fake.close());
  fake.answers.set('DELETE /containers/a', {status: 404, body: {message: 'no such container'}});
  await destroy(fake.engine, 'run-1');
  t.is(deleted(fake).at(-1), 'DELETE /networks/net');
  t.is(deleted(fake).length, 3);
  const lists = fake.requests.filter(({line}) => line.startsWith('GET'));
  t.true(lists.length === 2 && lists.every(({line}) => line.includes('lvslab.run=run-1')));
});

test('a container that another one is just removing is waited for, and only then its networks are removed', async t => {
  const fake = await engineWith([['a', alive]], [['net', alive]]);
  t.teardown(() => fake.close());
  const line = 'DELETE /containers/a';
  fake.answers.set(line, {
    status: 409,
    body: {message: 'removal of container a is already in progress'},
  });
  const destroyed = destroy(fake.engine, 'run-1');
  await until(() => deleted(fake).filter(asked => asked === line).length > 2);
  t.false(deleted(fake).includes('DELETE /networks/net'));
  fake.answers.set(line, {status: 404, body: {message: 'no such container'}});
  await destroyed;
  t.is(deleted(fake).at(-1), 'DELETE /networks/net');
});

test('what cannot be removed breaks the lab, naming it and the command that removes it', async t => {
  const fake = await engineWith([], [['net', alive]]);
  t.teardown(() => fake.close());
  fake.answers.set('DELETE /networks/net', {status: 403, body: {message: 'has active endpoints'}});
  await t.throwsAsync(destroy(fake.engine, 'run-1'), {
    instanceOf: BrokenLabError,
    message: /cannot remove network net(.|\n)*active endpoints(.|\n)*docker network rm net/,
  });
});

test('deployments are shown by run', async t => {
  const fake = await engineWith(
    [['c1', alive, {'lvslab.node': 'rs1', 'lvslab.keep': 'true'}]],
    [['n1', alive]],
  );
  t.teardown(() => fake.close());
  t.deepEqual(await inspect(fake.engine), [
    {
      run: 'run-1',
      topology: 'small',
      keep: true,
      nodes: [{node: 'rs1', container: 'c1'}],
      networks: ['n1'],
    },
  ]);
});
