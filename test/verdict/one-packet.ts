import test from 'ava';
import type {VirtualService} from '../../src/ipvs/types.ts';
import {Rig} from '../support/rig.ts';

type Server = 'rs1' | 'rs2';

/** A run of DR over UDP: the datagrams of one 5-tuple at these servers, each with its answer. */
function run(servers: readonly Server[], onePacket: boolean): Rig {
  const rig = new Rig('dr', 'v4', 'udp');
  rig.resolve();
  const service: VirtualService = {
    key: {kind: 'address', protocol: 'udp', address: rig.address('VIP'), port: 80},
    scheduler: 'rr',
    flags: [],
    onePacket,
    realServers: ['RIP1', 'RIP2'].map(rip => ({
      address: rig.address(rip),
      port: 80,
      forward: 'droute',
      weight: 1,
    })),
  };
  for (const [i, server] of servers.entries()) rig.exchange(server, 40_000, 50 + i);
  for (const [i, request] of rig.requests.entries()) rig.requests[i] = {...request, message: i + 1};
  const {texts} = rig;
  const entry = texts.get('director ipvsadm-Lnc')?.split('\n')[0] ?? '';
  texts.set(
    'director ipvsadm-Lnc',
    `IPVS connection entries\npro expire state source virtual destination\n${onePacket ? '' : `${entry}\n`}`,
  );
  for (const node of ['rs1', 'rs2'])
    rig.append(node, 'ip-route', 'default via 198.51.100.1 dev eth0\n');
  texts.set(
    'director ipvsadm-Ln',
    `UDP  ${rig.address('VIP')}:80 rr${onePacket ? ' ops' : ''}\n  -> ${rig.address('RIP1')}:80 Route 1 0 0\n`,
  );
  rig.expectation = {
    ...rig.expectation,
    ...(onePacket ? {onePacket} : {}),
    connections: onePacket ? servers.length : 1,
    roundRobin: false,
    schedule: {service, proves: ['P-ops']},
  };
  return rig;
}

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

const turns: readonly Server[] = ['rs2', 'rs1', 'rs2', 'rs1'];

test('datagrams of one 5-tuple that take turns are what one-packet scheduling promises', t => {
  const rig = run(turns, true);
  t.deepEqual(failed(rig), []);
  t.is(rig.judge().verdict, 'PASS');
  t.is(rig.judge().checks.find(({id}) => id === 'schedule')?.judged, 4);
});

test('datagrams that stay with one real server are not', t => {
  const rig = run(['rs2', 'rs2', 'rs2', 'rs2'], true);
  t.deepEqual(failed(rig), ['schedule']);
});

test('an entry that stays is told', t => {
  const rig = run(turns, true);
  rig.append(
    'director',
    'ipvsadm-Lnc',
    'UDP 04:59 UDP 192.0.2.10:40000 198.51.100.80:80 198.51.100.22:80\n',
  );
  t.deepEqual(failed(rig), ['entries']);
});

test('where there is no listing, nobody knows whether an entry stayed', t => {
  const rig = run(turns, true);
  rig.texts.set('director ipvsadm-Lnc', '');
  t.deepEqual(failed(rig), ['entries']);
});

test('an answer of another real server than the one that got the datagram is told', t => {
  const rig = run(turns, true);
  const [first] = rig.requests;
  if (first === undefined) throw new Error('no request');
  rig.requests[0] = {...first, answeredBy: 'rs1'};
  t.deepEqual(failed(rig), ['answers']);
});

test('a datagram more than the traffic made is told', t => {
  const rig = run(turns, true);
  rig.expectation = {...rig.expectation, connections: 3};
  t.deepEqual(failed(rig), ['connections']);
});

test('without one-packet scheduling the datagrams of one 5-tuple stay with one real server', t => {
  t.deepEqual(failed(run(['rs2', 'rs2', 'rs2'], false)), []);
  const moved = run(['rs2', 'rs2', 'rs1'], false);
  t.true(failed(moved).includes('request.3'));
  t.true(failed(moved).includes('answers'));
});

for (const onePacket of [true, false])
  test(`a service ${onePacket ? 'without' : 'with'} ops, against what is expected, is diagnosed`, t => {
    const rig = run(onePacket ? ['rs2', 'rs2'] : turns, onePacket);
    rig.texts.set(
      'director ipvsadm-Ln',
      `UDP  198.51.100.80:80 rr${onePacket ? '' : ' ops'}\n  -> 198.51.100.21:80 Route 1 0 0\n`,
    );
    t.deepEqual(
      rig.judge().diagnoses.map(({cause}) => cause),
      ['other-one-packet'],
    );
  });
