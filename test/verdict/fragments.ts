import test from 'ava';
import {partsOf} from '../../src/trace/essence.ts';
import {traceRun} from '../../src/trace/run.ts';
import {cutRun} from '../support/cut.ts';
import type {Rig} from '../support/rig.ts';

/** Expects the requests in fragments of at most `mtu` bytes. */
function expecting(mtu: number | readonly number[] | undefined): Rig {
  const rig = cutRun('nat', 'v4');
  const {request} = rig.expectation;
  rig.expectation = {
    ...rig.expectation,
    roundRobin: false,
    request: request.map((hop, i) => (i === 0 && mtu !== undefined ? {...hop, mtu} : hop)),
  };
  return rig;
}

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

test('fragments as Linux cuts for the MTU are as expected', t => {
  t.deepEqual(failed(expecting(1500)), []);
  t.deepEqual(failed(expecting([1500, 1400])), []);
});

test('fragments that are cut for another MTU, or not expected, fail each hop', t => {
  const hops = ['request.1', 'request.2', 'request.3'];
  t.deepEqual(failed(expecting(1400)), hops);
  t.deepEqual(failed(expecting(5000)), hops);
  t.deepEqual(failed(expecting(undefined)), hops);
});

test('a fragment that one end did not see leaves no verdict', t => {
  const rig = expecting(1500);
  rig.remove('router eth0', 2);
  t.is(rig.judge().verdict, 'INCONCLUSIVE');
});

test('a fragment that nobody saw fails', t => {
  const rig = expecting(1500);
  rig.remove('router eth0', 2);
  rig.remove('client eth0', 2);
  t.is(rig.judge().verdict, 'FAIL');
});

const altered = test.macro({
  exec(t, byte: number) {
    const rig = expecting(1500);
    for (const place of ['director eth1', 'rs1 eth0']) {
      const bytes = rig.bytesAt(place, 2);
      bytes[byte] = (bytes[byte] ?? 0) ^ 1;
      rig.replace(place, 2, bytes);
    }
    t.is(rig.judge().verdict, 'FAIL');
  },
  title: name => `a later fragment with another ${name} fails`,
});
test('payload', altered, 40);
test('TTL', altered, 22);
test('id', altered, 19);
test('offset', altered, 21);
test('destination MAC', altered, 5);
test('destination address', altered, 33);

test('what stands in fragments is counted frame by frame', t => {
  const rig = expecting(1500);
  const frames = traceRun(rig.topology, rig.captures())
    .flows.flatMap(({paths}) => paths.flatMap(({crossings}) => crossings.flatMap(partsOf)))
    .filter(({from}) => from === 'client');
  t.is(
    rig.judge().measured.nodes['client']?.requestOut,
    frames.reduce((sum, {any}) => sum + any.frame.originalLength, 0),
  );
});
