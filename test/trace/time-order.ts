import test from 'ava';
import {timeOrder} from '../../src/trace/time-order.ts';

const sorts = test.macro({
  exec(t, times: readonly (readonly [number, number])[]) {
    const seconds = Float64Array.from(times, ([whole]) => whole);
    const nanoseconds = Uint32Array.from(times, ([, rest]) => rest);
    const expected = [...times.entries()]
      .toSorted(([, [a, restA]], [, [b, restB]]) => a - b || restA - restB)
      .map(([place]) => place);
    t.deepEqual([...timeOrder(seconds, nanoseconds)], expected);
  },
  title: name => `sorted by time, equal times as they were: ${name}`,
});
test('nothing', sorts, []);
test('sorted', sorts, [
  [1, 2],
  [1, 2],
  [1, 3],
  [2, 0],
]);
test('equal seconds', sorts, [
  [5, 999_999_999],
  [5, 65_536],
  [5, 65_535],
  [5, 0],
  [5, 65_536],
]);
test('years apart', sorts, [
  [4_294_967_295, 1],
  [0, 2],
  [1_700_000_000, 3],
  [65_536, 4],
  [0, 1],
  [65_535, 5],
]);
