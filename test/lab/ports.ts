import test from 'ava';
import {withPorts} from '../../src/lab/ports.ts';
import type {PlanStep} from '../../src/lab/steps.ts';

const there = {address: '192.0.2.80', port: 80, bytes: 64, timeout: 3};
const http: PlanStep = {kind: 'http', client: 'client', requests: {...there, requests: 3}};
const connections = (...ports: readonly (number | undefined)[]): PlanStep => ({
  kind: 'connections',
  client: 'client',
  traffic: {
    ...there,
    protocol: 'tcp',
    messages: 1,
    hold: undefined,
    connections: ports.map(sourcePort => ({source: undefined, sourcePort})),
  },
});

/** The ports that the steps' connections are sent from, in order. */
const portsOf = (steps: readonly PlanStep[]): readonly (number | undefined)[] =>
  steps.flatMap(step => {
    if (step.kind === 'http')
      return Array.from(
        {length: step.requests.requests},
        (_, i) => (step.requests.sourcePort ?? NaN) + i,
      );
    return step.kind === 'connections'
      ? step.traffic.connections.map(({sourcePort}) => sourcePort)
      : [];
  });

test('no two connections of a lab have the same source port', t => {
  const ports = portsOf(withPorts([http, connections(undefined, undefined), http]));
  t.deepEqual(ports, [10_000, 10_001, 10_002, 10_003, 10_004, 10_005, 10_006, 10_007]);
});

test('a port that the lab states stays as it is', t => {
  t.deepEqual(portsOf(withPorts([connections(4000, undefined)])), [4000, 10_000]);
});
