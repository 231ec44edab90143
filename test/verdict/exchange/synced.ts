import test from 'ava';
import version from '../../../labs/sysctls/sync-version.ts';
import {planExchange} from '../../../src/lab/exchange/plan.ts';
import {judgeExchange} from '../../../src/verdict/exchange/judge.ts';
import type {Judgement} from '../../../src/verdict/types.ts';
import {build} from '../../../src/wire/build.ts';
import {patch} from '../../../src/wire/patch.ts';
import {Rig} from '../../support/rig.ts';

/** What the sync daemon says of a step's connection, and when: behind so many of the step's three packets. */
interface Said {
  readonly behind?: number;
  readonly version?: 0 | 1;
  readonly syncId?: number;
  readonly clientPort?: number;
  readonly ttl?: number;
  readonly port?: number;
  readonly again?: boolean;
}

const places = ['director', 'client', 'rs1', 'rs2', 'rs3', 'rs4'].map(node => `${node} eth0`);

/** A run of the lab sysctls/sync-version that was made without a kernel, with what is said otherwise in the first of its two steps. */
function judged(first: Said | undefined, second: Said = {version: 0}): Judgement {
  const plan = planExchange({
    ...version.spec,
    kind: 'exchange',
    name: 'sysctls/sync-version',
    file: '',
  });
  const {topology} = plan;
  // A director that says nothing of itself is not asked.
  const {ipvs: _, ...expectation} = plan.expectation;
  const rig = new Rig('nat', 'v4', 'udp', 'farm');
  const mac = (node: string): string =>
    topology.nodes.find(({name}) => name === node)?.interfaces[0]?.mac ?? '';
  const says = (clientPort: number, said: Said): void => {
    const {version: spoken = 1, syncId = 7, ttl = 1, port = 8848} = said;
    const connection = {
      protocol: 17,
      client: rig.address('CIP'),
      clientPort: said.clientPort ?? clientPort,
      virtual: rig.address('VIP'),
      virtualPort: 5300,
      destination: rig.address('RIP1'),
      destinationPort: 5301,
    };
    const frame = build([
      {kind: 'ethernet', source: mac('director'), destination: '01:00:5e:00:00:51'},
      {kind: 'ipv4', source: rig.address('DIP'), destination: '224.0.0.81', ttl},
      {kind: 'udp', sourcePort: 40_000, destinationPort: port},
      {kind: 'ipvs-sync', syncId, version: spoken, connections: [connection]},
    ]);
    rig.see(frame, ...places);
  };
  let packets = 0;
  for (const step of expectation.steps) {
    if (step.kind !== 'packets') continue;
    for (const {frame} of step.packets) {
      const bytes = Buffer.from(frame, 'hex');
      rig.see(bytes, 'client eth0', 'director eth0');
      const ethernet = {bytes, linkType: 'ethernet', originalLength: bytes.length} as const;
      const forwarded = patch(ethernet, {
        sourceMac: mac('director'),
        destinationMac: mac('rs1'),
        destination: rig.address('RIP1'),
        ttl: 63,
        destinationPort: 5301,
      });
      rig.see(forwarded, 'director eth0', 'rs1 eth0');
    }
    packets += 1;
    for (const [port, said, from] of [
      [4000, first, 0],
      [4001, second, 3],
    ] as const)
      if (said !== undefined && packets === from + (said.behind ?? 3)) {
        says(port, said);
        if (said.again === true) says(port, said);
      }
  }
  return judgeExchange(rig.folder(), rig.captures(), expectation);
}

test('messages of the sync daemon that tell of the right connections pass', t => {
  const {verdict, checks} = judged({});
  t.is(verdict, 'PASS', JSON.stringify(checks.filter(one => one.verdict === 'FAIL')));
  t.deepEqual(
    checks.filter(({id}) => id.endsWith('synced')).map(one => [one.id, one.verdict]),
    [
      ['step.4.synced', 'PASS'],
      ['step.9.synced', 'PASS'],
    ],
  );
});

const fails = test.macro((t, first: Said | undefined, field: string, check = 'step.4.synced') => {
  const {verdict, checks} = judged(first);
  t.is(verdict, 'FAIL');
  const found = checks.find(({id}) => id === check);
  t.true(
    found?.failures.some(failure => failure.field === field),
    JSON.stringify(checks.filter(one => one.verdict === 'FAIL')),
  );
});

test('a connection that no message tells of fails', fails, undefined, 'connection');
test('a message of another connection fails', fails, {clientPort: 4009}, 'connection');
test('a message of the other version fails', fails, {version: 0}, 'sync.version');
test('a message with another sync id fails', fails, {syncId: 8}, 'sync.id');
test('a message that could leave the network fails', fails, {ttl: 2}, 'ip.ttl');
test('a message at a port that nobody expects fails', fails, {port: 8849}, 'connection');
test('a message before the packet that it follows from fails', fails, {behind: 2}, 'time');
test('a message too many fails', fails, {again: true}, 'connection', 'step.9.synced');
