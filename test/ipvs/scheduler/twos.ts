import test from 'ava';
import {deviations, twosChances} from '../../../src/ipvs/scheduler/twos.ts';
import {World} from '../../../src/ipvs/scheduler/world.ts';
import {server, service} from './support/play.ts';

/** Servers a, b, ... of these weights, with so many TCP connections; the list begins with the last one. */
function loaded(weights: readonly number[], connections: readonly number[]): World {
  const world = new World(service('lc', weights));
  connections.forEach((count, i) => {
    for (let n = 0; n < count; n++)
      world.bind(`${i} ${n}`, 'tcp', server(String.fromCharCode(97 + i), 1));
  });
  return world;
}
const rounded = (chances: readonly number[]): readonly number[] =>
  chances.map(chance => Math.round(chance * 1e4) / 1e4);

test('idle servers are drawn by weight, the first of the list with one part more', t => {
  t.deepEqual(rounded(twosChances(loaded([3, 6], []).servers)), [0.7, 0.3]);
  t.deepEqual(rounded(twosChances(loaded([1, 0, 2], []).servers)), [0.75, 0, 0.25]);
});

test('of two draws the one with less load for its weight wins', t => {
  // b has 2 of 3 parts and no connections: a is chosen only when drawn twice.
  t.deepEqual(rounded(twosChances(loaded([1, 1], [1, 0]).servers)), [0.8889, 0.1111]);
  t.deepEqual(rounded(twosChances(loaded([1, 1], [0, 1]).servers)), [0.4444, 0.5556]);
});

test('nobody has a chance when no server is available', t => {
  t.deepEqual(twosChances(loaded([0, 0], []).servers), [0, 0]);
});

test('deviations are counted in standard deviations, and the impossible is infinite', t => {
  const draws = (first: number, second: number) =>
    [...Array.from({length: first}, () => 0), ...Array.from({length: second}, () => 1)].map(
      chosen => ({chances: [0.5, 0.5], chosen}),
    );
  t.deepEqual(deviations(draws(50, 50)), [0, 0]);
  t.deepEqual(deviations(draws(60, 40)), [2, -2]);
  t.deepEqual(deviations([{chances: [1, 0], chosen: 1}]), [-Infinity, Infinity]);
  t.deepEqual(deviations([{chances: [1, 0], chosen: 0}]), [0, 0]);
});
