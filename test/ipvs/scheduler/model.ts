import test from 'ava';
import {InputError} from '../../../src/problem.ts';
import {modelledSchedulers} from '../../../src/ipvs/scheduler/model.ts';
import {World} from '../../../src/ipvs/scheduler/world.ts';
import {arrival, letter, server, service} from './support/play.ts';

/** Opens so many TCP connections, which stay open, and gives the letters of their servers. */
const open = (world: World, count: number, given: Parameters<typeof arrival>[0] = {}): string =>
  Array.from({length: count}, () =>
    letter(world.open(`connection ${(opened += 1)}`, arrival(given))),
  ).join('');
let opened = 0;

const spreads = test.macro({
  exec(t, scheduler: string, weights: readonly number[], expected: string) {
    t.is(open(new World(service(scheduler, weights)), expected.length), expected);
  },
  title: (_, scheduler: string, weights: readonly number[], expected: string) =>
    `${scheduler} spreads connections over servers of weight ${weights.join(', ')} as ${expected}`,
});
test(spreads, 'rr', [1, 1, 1], 'cbacba');
test(spreads, 'rr', [1, 0, 3], 'cacaca');
test(spreads, 'rr', [0, 0], '---');
test(spreads, 'rr', [], '-');
// The bar was 1 when the first server was alone, and stays there for the rest of the first pass.
test(spreads, 'wrr', [3, 1, 2], 'cbaacacbaacacba');
test(spreads, 'wrr', [1, 2, 3], 'cbaccbcba');
test(spreads, 'wrr', [2, 4], 'babbab');
test(spreads, 'wrr', [0, 0], '--');
test(spreads, 'lc', [1, 5, 0], 'bababa');
test(spreads, 'wlc', [1, 2], 'babbab');
test(spreads, 'sed', [1, 2, 4], 'ccbccbac');
test(spreads, 'nq', [1, 2, 4], 'cbacccb');
test(spreads, 'fo', [1, 7, 7], 'ccccc');
test(spreads, 'ovf', [1, 2, 0], 'bbbaa-');

test('rr goes on from where a removed server was, and does not start anew when one is added', t => {
  const world = new World(service('rr', [1, 1, 1, 1]));
  t.is(open(world, 2), 'dc');
  world.remove(server('c', 1));
  t.is(open(world, 1), 'b');
  world.add(server('e', 1));
  t.is(open(world, 4), 'aedb');
});

test('wrr starts its pass anew after a change', t => {
  const world = new World(service('wrr', [1, 1, 1]));
  t.is(open(world, 2), 'cb');
  world.edit(server('a', 1));
  t.is(open(world, 3), 'cba');
});

test('wrr gives up when the server it looks for is overloaded, and goes on later', t => {
  const world = new World({
    ...service('wrr', []),
    realServers: [server('a', 2, 2), server('b', 1, 1)],
  });
  t.is(open(world, 5), 'baa--');
  world.expired(`connection ${opened - 3}`);
  world.expired(`connection ${opened - 2}`);
  t.is(open(world, 3), 'aa-');
});

test('lblc keeps the server of a destination until it is crowded', t => {
  const world = new World(service('lblc', [1, 6]));
  t.is(open(world, 3), 'bbb');
  t.is(open(world, 1, {destination: '198.51.100.81'}), 'a');
  t.is(open(world, 5), 'bbbbb', 'eight connections, but no server with less than half its weight');
});

test('lblc leaves a crowded server when another has less than half of its weight', t => {
  const world = new World(service('lblc', [1, 9]));
  world.edit(server('b', 0));
  t.is(open(world, 2), 'aa');
  world.edit(server('b', 9));
  t.is(open(world, 6), 'bbbbbb');
});

test('lblcr adds a server to the set of a destination, and drops the most loaded when the set is old', t => {
  const world = new World(service('lblcr', [1, 9]));
  world.edit(server('b', 0));
  t.is(open(world, 2), 'aa');
  world.edit(server('b', 9));
  t.is(open(world, 2, {at: 10}), 'bb');
  t.is(open(world, 1, {at: 86_411}), 'b');
  t.is(open(world, 20, {at: 86_412}), 'b'.repeat(20), 'the set is b alone');
});

test('every scheduler refuses when no server has a weight', t => {
  for (const scheduler of modelledSchedulers)
    t.is(open(new World(service(scheduler, [0, 0])), 2), '--', scheduler);
});

test('every scheduler goes to the only server', t => {
  for (const scheduler of modelledSchedulers)
    t.is(open(new World(service(scheduler, [2])), 2), 'aa', scheduler);
});

test('a scheduler without a model is refused with the reason', t => {
  const twos = t.throws(() => new World(service('twos', [1])), {instanceOf: InputError});
  t.regex(twos?.message ?? '', /twosChances/);
  const typo = t.throws(() => new World(service('wrrr', [1])), {instanceOf: InputError});
  t.regex(typo?.message ?? '', /name one that has a model: wrr/);
});
