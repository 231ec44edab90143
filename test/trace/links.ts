import test from 'ava';
import {traceRun} from '../../src/trace/run.ts';
import {transport} from '../../src/wire/packet.ts';
import {legsOf} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

/** The acknowledgements that each packet had on its way, one for each link. */
function acknowledgements(rig: Rig): readonly (readonly number[])[] {
  const {flows} = traceRun(rig.topology, rig.captures(), {helpedPorts: [80, 8080]});
  return flows.flatMap(({paths}) =>
    paths.map(({crossings}) =>
      crossings.map(({any}) => {
        const header = transport(any.packet);
        return header?.kind === 'tcp' ? header.acknowledgement : 0;
      }),
    ),
  );
}

/** Two bare ACKs that came to the director one behind the other, and what left it, in the order of departure. */
function forwarded(...left: readonly number[]): Rig {
  const rig = new Rig('nat', 'v6');
  const [first, second, third] = legsOf(rig.route('rs1', 40_000), 'request');
  if (first === undefined || second === undefined || third === undefined) throw new Error('no way');
  const ack = (acknowledgement: number) =>
    ({id: 0, protocol: 'tcp', sequence: 7, acknowledgement}) as const;
  for (const leg of [first, second]) for (const one of [245, 269]) rig.cross(leg, ack(one));
  for (const one of left) rig.cross(third, ack(one));
  return rig;
}

test('packets of a helper that overtook each other are told apart by what it did not rewrite', t =>
  t.deepEqual(acknowledgements(forwarded(269, 245)), [
    [245, 245, 245],
    [269, 269, 269],
  ]));

test('packets that a helper has rewritten keep their order', t =>
  t.deepEqual(acknowledgements(forwarded(244, 268)), [
    [245, 245, 244],
    [269, 269, 268],
  ]));
