import test from 'ava';
import type {VirtualService} from '../../src/ipvs/types.ts';
import {Rig} from '../support/rig.ts';

/** A good run of DR over rs1 and rs2 with four connections, of which each goes to the named server. */
function run(
  scheduler: string,
  weights: readonly [number, number],
  chosen: readonly ('rs1' | 'rs2')[],
) {
  const rig = new Rig('dr');
  for (const [i, server] of chosen.entries()) rig.connect(server, 40_000 + i);
  const service: VirtualService = {
    key: {kind: 'address', protocol: 'tcp', address: rig.address('VIP'), port: 80},
    scheduler,
    flags: [],
    onePacket: false,
    realServers: weights.map((weight, i) => ({
      address: rig.address(`RIP${i + 1}`),
      port: 80,
      forward: 'droute',
      weight,
    })),
  };
  rig.expectation = {...rig.expectation, roundRobin: false, schedule: {service, proves: ['S-wrr']}};
  return rig;
}

const check = (rig: Rig) => rig.judge().checks.find(({id}) => id === 'schedule');

const agrees = test.macro<
  [scheduler: string, weights: readonly [number, number], chosen: readonly ('rs1' | 'rs2')[]]
>({
  exec(t, scheduler, weights, chosen) {
    const found = check(run(scheduler, weights, chosen));
    t.is(found?.verdict, 'PASS', JSON.stringify(found?.failures));
    t.is(found?.judged, chosen.length);
  },
  title: (_, scheduler, weights, chosen) =>
    `${scheduler} with weights ${weights.join(' and ')} gives ${chosen.join(', ')}`,
});
// The real server that was added last is the first in the kernel's list.
test(agrees, 'rr', [1, 5], ['rs2', 'rs1', 'rs2', 'rs1']);
test(agrees, 'wrr', [1, 3], ['rs2', 'rs1', 'rs2', 'rs2', 'rs2']);
test(agrees, 'wrr', [0, 3], ['rs2', 'rs2', 'rs2']);

test('a connection at another real server than computed fails, with both', t => {
  const found = check(run('wrr', [1, 3], ['rs2', 'rs2', 'rs2', 'rs2']));
  t.is(found?.verdict, 'FAIL');
  t.like(found?.failures[0], {
    field: 'scheduler',
    expected: 'RIP1 198.51.100.21',
    actual: 'RIP2 198.51.100.22',
    place: 'connection 2 from 192.0.2.10 port 40001',
  });
});

test('an edit counts from its time on', t => {
  const rig = run('wrr', [1, 3], ['rs1', 'rs1', 'rs1', 'rs1']);
  t.is(check(rig)?.verdict, 'FAIL');
  const server = rig.expectation.schedule?.service.realServers[1];
  if (server === undefined) throw new Error('no second real server');
  // Before the first frame.
  rig.events.push({
    at: '1',
    node: 'director',
    edit: {kind: 'edit', server: {...server, weight: 0}},
  });
  t.is(check(rig)?.verdict, 'PASS');
});

const drawn = test.macro<
  [weights: readonly [number, number], rs1: number, rs2: number, right: boolean]
>({
  exec(t, weights, rs1, rs2, right) {
    const servers = Array.from({length: rs1 + rs2}, (_, i) =>
      // Spread evenly, so that loads stay in proportion.
      Math.floor(((i + 1) * rs1) / (rs1 + rs2)) > Math.floor((i * rs1) / (rs1 + rs2))
        ? ('rs1' as const)
        : ('rs2' as const),
    );
    const found = check(run('twos', weights, servers));
    t.is(found?.verdict, right ? 'PASS' : 'FAIL', JSON.stringify(found?.failures));
    t.is(found?.judged, rs1 + rs2);
  },
  title: (_, weights, rs1, rs2) =>
    `twos with weights ${weights.join(' and ')} gives ${rs1} and ${rs2} connections`,
});
test(drawn, [1, 1], 30, 30, true);
test(drawn, [1, 9], 6, 54, true);
test(drawn, [1, 9], 30, 30, false);
test(drawn, [1, 1], 60, 0, false);
test(drawn, [0, 1], 1, 59, false);
test(drawn, [0, 1], 0, 60, true);
