import test from 'ava';
import {InputError} from '../../../src/problem.ts';
import {usualKernel, type KernelFacts} from '../../../src/ipvs/scheduler/kernel.ts';
import {World} from '../../../src/ipvs/scheduler/world.ts';
import type {Protocol} from '../../../src/ipvs/types.ts';
import {arrival, letter, server, service} from './support/play.ts';

/** `2+1` for two active connections and one inactive, `!` after it when overloaded; in the order of the list. */
const counts = (world: World): string =>
  world.servers
    .map(({active, inactive, overloaded}) => `${active}+${inactive}${overloaded ? '!' : ''}`)
    .join(' ');

const life = test.macro({
  exec(t, protocol: Protocol, opened: string, established: string, closing: string) {
    const world = new World(service('rr', [1]));
    world.open('it', arrival({protocol}));
    t.is(counts(world), opened);
    world.established('it');
    t.is(counts(world), established);
    world.closing('it');
    t.is(counts(world), closing);
    world.closing('it');
    t.is(counts(world), closing, 'the second FIN changes nothing');
    world.expired('it');
    t.is(counts(world), '0+0');
  },
  title: (_, protocol: Protocol, ...states: readonly string[]) =>
    `a connection of ${protocol} counts as ${states.join(', then ')}`,
});
test(life, 'tcp', '1+0', '1+0', '0+1');
test(life, 'sctp', '0+1', '1+0', '0+1');
test(life, 'udp', '0+1', '0+1', '0+1');

/** A world with one server that has thresholds, and so many connections, named 0, 1, ... */
function filled(upper: number, lower: number, count: number, kernel?: KernelFacts): World {
  const one = server('a', 1, upper, lower);
  const world = new World({...service('rr', []), realServers: [one]}, kernel);
  for (let i = 0; i < count; i++) world.bind(`${i}`, 'tcp', one);
  return world;
}

/** Ends connections until the server is no longer overloaded, and gives how many are left. */
function leftWhenFree(world: World, count: number): number {
  for (let i = 0; i < count; i++) {
    if (world.servers[0]?.overloaded === false) return count - i;
    world.expired(`${i}`);
  }
  return 0;
}

const thresholds = test.macro({
  exec(t, upper: number, lower: number, left: number) {
    t.false(filled(upper, lower, upper - 1).servers[0]?.overloaded);
    const world = filled(upper, lower, upper);
    t.true(world.servers[0]?.overloaded);
    t.is(letter(world.open('more', arrival())), '-');
    t.is(leftWhenFree(world, upper), left);
    t.is(letter(world.open('more', arrival())), 'a');
  },
  title: (_, upper: number, lower: number, left: number) =>
    `with thresholds ${upper} and ${lower}, a full server is free again at ${left} connections`,
});
test(thresholds, 8, 0, 5);
test(thresholds, 5, 0, 3);
test(thresholds, 1, 0, 0);
test(thresholds, 8, 7, 6);
test(thresholds, 8, 2, 1);

test('connections that are closing count for the thresholds', t => {
  const world = filled(2, 0, 2);
  world.closing('0');
  world.closing('1');
  t.is(counts(world), '0+2!');
});

const edits = test.macro({
  exec(t, rule: KernelFacts['overloadOnEdit'], expected: readonly boolean[]) {
    const kernel = {...usualKernel, overloadOnEdit: rule};
    const after = (upper: number, count: number, to: number): boolean | undefined => {
      const world = filled(upper, 0, count, kernel);
      world.edit(server('a', 1, to));
      return world.servers[0]?.overloaded;
    };
    t.deepEqual(
      [after(0, 4, 4), after(4, 4, 5), after(4, 4, 9), after(4, 4, 4), after(4, 4, 0)],
      expected,
    );
  },
  title: (_, rule: string) => `an edit of the thresholds acts as the kernel's rule "${rule}" says`,
});
test(edits, 'raised', [false, false, false, true, false]);
test(edits, 'recomputed', [true, true, false, true, false]);

test('a removed server keeps its connections, and has them when it is added again', t => {
  const world = new World(service('lc', [1, 1]));
  world.open('1', arrival());
  world.open('2', arrival());
  world.remove(server('b', 1));
  world.closing('1');
  world.add(server('b', 1));
  t.is(counts(world), '0+1 1+0');
  world.expired('1');
  t.is(counts(world), '0+0 1+0');
});

test('a change of the scheduler starts anew, a change of flags does not', t => {
  const world = new World(service('rr', [1, 1, 1]));
  t.is(letter(world.open('1', arrival())), 'c');
  world.reschedule('rr', ['flag-1']);
  t.is(letter(world.open('2', arrival())), 'b');
  world.reschedule('wrr', []);
  t.is(letter(world.open('3', arrival())), 'c');
});

test('servers and connections that are not there are refused, and so are those that are', t => {
  const world = new World(service('rr', [1]));
  world.open('it', arrival());
  const refused = (act: () => void, what: RegExp): void => {
    t.regex(t.throws(act, {instanceOf: InputError})?.message ?? '', what);
  };
  refused(
    () => world.edit(server('b', 1)),
    /no such real server.*\n.*203\.0\.113\.2:80\n.*203\.0\.113\.1:80/,
  );
  refused(() => world.remove(server('b', 1)), /no such real server/);
  refused(() => world.add(server('a', 1)), /already in the service/);
  refused(() => world.edit(server('a', 1, 2, 3)), /the kernel refuses/);
  refused(() => world.edit(server('a', -1)), /the kernel refuses/);
  refused(() => world.open('it', arrival()), /already open/);
  refused(() => world.expired('other'), /no such connection/);
});
