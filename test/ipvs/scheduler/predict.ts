import test from 'ava';
import {predict} from './support/predict.ts';
import {arrival, letter, server, service} from './support/play.ts';

const open = (connection: string) => ({kind: 'open' as const, connection, arrival: arrival()});

test('each connection that opens has a prediction, by what happened before it', t => {
  const predictions = predict(service('lc', [1, 1]), [
    open('1'),
    open('2'),
    {kind: 'closing', connection: '1'},
    open('3'),
    {kind: 'expired', connection: '1'},
    {kind: 'edit', server: server('b', 0)},
    open('4'),
    {kind: 'add', server: server('c', 1)},
    open('5'),
    {kind: 'remove', server: server('c', 1)},
    open('6'),
    {kind: 'reschedule', scheduler: 'fo', flags: []},
    {kind: 'edit', server: server('b', 3)},
    open('7'),
  ]);
  t.deepEqual(
    predictions.map(({connection, server: chosen}) => connection + letter(chosen)),
    ['1b', '2a', '3b', '4a', '5c', '6a', '7b'],
  );
  t.deepEqual(predictions[0]?.server, {address: '203.0.113.2', port: 80});
});

test('what happens to a refused connection is passed over, until its name is opened again', t => {
  const predictions = predict(service('rr', [0]), [
    open('1'),
    {kind: 'established', connection: '1'},
    {kind: 'expired', connection: '1'},
    {kind: 'edit', server: server('a', 1)},
    open('1'),
    {kind: 'expired', connection: '1'},
  ]);
  t.deepEqual(
    predictions.map(({server: chosen}) => letter(chosen)),
    ['-', 'a'],
  );
});
