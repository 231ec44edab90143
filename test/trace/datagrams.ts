import test from 'ava';
import {partsOf} from '../../src/trace/essence.ts';
import {traceRun} from '../../src/trace/run.ts';
import type {Path, Trace} from '../../src/trace/types.ts';
import type {Family} from '../../src/topology/types.ts';
import {transport} from '../../src/wire/packet.ts';
import {cut, cutRun} from '../support/cut.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

const trace = (rig: Rig): Trace => traceRun(rig.topology, rig.captures());

const fragmentsOf = ({crossings}: Path): readonly number[] =>
  crossings.map(crossing => partsOf(crossing).length);

const follows = test.macro({
  exec(t, mode: Mode, family: Family, expected: readonly number[]) {
    const {flows, other, ambiguities} = trace(cutRun(mode, family));
    t.deepEqual(ambiguities, []);
    t.false(
      other.some(({any}) => any.packet.headers.some(({kind}) => kind === 'udp')),
      'no fragment is left',
    );
    t.deepEqual(
      flows.map(({paths}) => paths.map(fragmentsOf)),
      [[expected, legsOf(goodRun(mode).route('rs1', 1), 'reply').map(() => 1)]],
    );
    const [request] = flows[0]?.paths ?? [];
    for (const {any} of request?.crossings ?? []) {
      t.is(transport(any.packet)?.checksum, 'good');
      t.true(any.frame.bytes.length > 3000);
    }
  },
  title: (_, mode, family) => `${mode} ${family}: a packet in fragments is followed as the whole`,
});
for (const family of ['v4', 'v6'] as const) {
  test(follows, 'nat', family, [3, 3, 3]);
  test(follows, 'dr', family, [3, 3, 3]);
  test(follows, 'ipip', family, [3, 3, 3, 3]);
}

test('a tunnel packet that is cut is the packet that came whole', t => {
  const rig = goodRun('ipip', 'v4', 'udp', 0);
  const legs = legsOf(rig.route('rs1', 40_000), 'request');
  const content = {id: 4, protocol: 'udp', payload: 'x'.repeat(1460)} as const;
  for (const leg of legs.slice(0, 2)) rig.cross(leg, content);
  for (const leg of legs.slice(2)) cut(rig, leg, content, 1500);
  const [flow] = trace(rig).flows;
  t.deepEqual(flow?.paths.map(fragmentsOf), [[1, 1, 2, 2]]);
  t.true(flow?.paths[0]?.rewrites[1]?.some(({field}) => field === 'encapsulation'));
});

test('fragments of which one is missing at one end are joined where both ends saw all', t => {
  const rig = cutRun('nat', 'v4');
  rig.remove('router eth0', 2);
  const [flow] = trace(rig).flows;
  const [request] = flow?.paths ?? [];
  t.deepEqual(request === undefined ? [] : fragmentsOf(request), [3, 3, 3]);
  t.is(request?.crossings[0]?.received, undefined);
});
