import test from 'ava';
import {usualKernel} from '../../../src/ipvs/scheduler/kernel.ts';
import {flagsOf} from '../../../src/ipvs/scheduler/model.ts';
import {mhTable} from '../../../src/ipvs/scheduler/mh.ts';
import {World} from '../../../src/ipvs/scheduler/world.ts';
import {arrival, letter, server, service} from './support/play.ts';

/** The servers of connections from 192.0.2.1, .2, ... */
const fromMany = (world: World, count: number): string =>
  Array.from({length: count}, (_, i) =>
    letter(world.open(`${world.servers[0]?.active} ${i}`, arrival({source: `192.0.2.${i + 1}`}))),
  ).join('');

const table = (weights: readonly number[]) =>
  mhTable({
    servers: new World(service('mh', weights)).servers,
    family: 'v4',
    flags: flagsOf([]),
    kernel: usualKernel,
  });
const shares = (weights: readonly number[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const chosen of table(weights)) counts[letter(chosen)] = (counts[letter(chosen)] ?? 0) + 1;
  return counts;
};

test("mh's table is full, and shared by weight", t => {
  t.deepEqual(shares([1, 1]), {a: 2046, b: 2047});
  t.deepEqual(shares([100, 300]), {a: 1023, b: 3070});
});

test('mh halves weights until the largest has at most six bits, but none to nothing', t => {
  // 1000, 500 and 1 become 62, 31 and 1.
  const {a = 0, b = 0, c = 0} = shares([1000, 500, 1]);
  t.is(a + b + c, 4093);
  t.true(Math.abs(c - 4093 / 94) < 2);
  t.true(Math.abs(a - 2 * b) < 62);
});

test('mh moves few sources when a server goes, and none of the others when one is quiesced', t => {
  const before = table([1, 1, 1, 1]);
  const world = new World(service('mh', [1, 1, 1, 1]));
  world.remove(server('d', 1));
  const after = mhTable({
    servers: world.servers,
    family: 'v4',
    flags: flagsOf([]),
    kernel: usualKernel,
  });
  const moved = after.filter((chosen, i) => {
    const old = letter(before[i]);
    return old !== 'd' && old !== letter(chosen);
  });
  t.true(moved.length < 4093 / 8, `${moved.length}`);
  const quiesced = new World(service('mh', [1, 1, 1]));
  const usual = fromMany(quiesced, 100);
  quiesced.edit(server('b', 0));
  t.is(fromMany(quiesced, 100), usual.replaceAll('b', '-'));
});

const fallback = test.macro({
  exec(t, scheduler: string) {
    const plain = new World(service(scheduler, [1, 1, 1]));
    const usual = fromMany(plain, 200);
    plain.edit(server('b', 0));
    const refusing = fromMany(plain, 200);
    plain.reschedule(scheduler, [`${scheduler}-fallback`]);
    const falling = fromMany(plain, 200);
    t.regex(usual, /^(?=.*a)(?=.*b)(?=.*c)[abc]+$/);
    t.true(refusing.includes('-'));
    t.regex(falling, /^[ac]+$/);
    t.true([...refusing].every((one, i) => one === '-' || one === falling[i]));
  },
  title: (_, scheduler) =>
    `${scheduler} refuses what hashes to a quiesced server, and with fallback moves only that`,
});
test(fallback, 'sh');
test(fallback, 'mh');

const port = test.macro({
  exec(t, scheduler: string) {
    const fromPorts = (flags: readonly string[]): Set<string> => {
      const world = new World(service(scheduler, [1, 1, 1], flags));
      return new Set(
        Array.from({length: 60}, (_, i) =>
          letter(world.open(`${i}`, arrival({sourcePort: 40000 + i}))),
        ),
      );
    };
    t.is(fromPorts([]).size, 1);
    t.is(fromPorts([`${scheduler}-port`]).size, 3);
    t.is(fromPorts(['flag-2']).size, 3);
  },
  title: (_, scheduler) => `${scheduler} hashes the source port only when told to`,
});
test(port, 'sh');
test(port, 'mh');

test('sh gives each server as many of 256 buckets as its weight, in the order of the list', t => {
  // hash_32 of 0.0.0.0 is bucket 0, of 0.0.0.1 bucket 97 (0x61), of 0.0.0.2 bucket 195 (0xc3).
  const world = new World(service('sh', [60, 40, 97]));
  const from = (source: string): string => letter(world.open(source, arrival({source})));
  t.is(from('0.0.0.0'), 'c');
  t.is(from('0.0.0.1'), 'b');
  t.is(from('0.0.0.2'), 'a');
  world.edit(server('c', 98));
  t.is(letter(world.open('again', arrival({source: '0.0.0.1'}))), 'c');
});

test('dh goes by destination alone, whatever the weights', t => {
  const world = new World(service('dh', [1, 50]));
  const to = (destination: string): string =>
    letter(world.open(`${destination} ${world.servers[0]?.active}`, arrival({destination})));
  t.is(to('0.0.0.0'), 'b');
  t.is(to('0.0.0.1'), 'a', 'bucket 97');
  t.is(to('0.0.0.2'), 'a', 'bucket 195');
  world.edit(server('a', 0));
  t.is(to('0.0.0.1'), '-');
});
