import test from 'ava';
import type {VirtualService} from '../../src/ipvs/types.ts';
import {legsOf, type Leg} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const other = {address: '198.51.100.90', port: 8080};

/** A run of DR over UDP with a datagram to the VIP and one to another address and port of the service. */
function run(answeredFrom: string = other.address): Rig {
  const rig = new Rig('dr', 'v4', 'udp');
  rig.resolve();
  for (const node of ['rs1', 'rs2'])
    rig.append(node, 'ip-route', 'default via 198.51.100.1 dev eth0\n');
  rig.exchange('rs2', 40_000, 50);
  const route = rig.route('rs1', 40_001);
  const request = legsOf(route, 'request').map((leg): Leg => ({
    ...leg,
    destination: other.address,
    destinationPort: other.port,
  }));
  const reply = legsOf(route, 'reply').map((leg): Leg => ({
    ...leg,
    source: answeredFrom,
    sourcePort: other.port,
  }));
  rig.send(request, {id: 60, protocol: 'udp', payload: 'question'});
  rig.send(reply, {id: 61, protocol: 'udp', payload: 'reply'});
  rig.note(route);
  const {texts} = rig;
  const entries = texts.get('director ipvsadm-Lnc') ?? '';
  texts.set(
    'director ipvsadm-Lnc',
    entries.replace(
      '192.0.2.10:40001 198.51.100.80:80 198.51.100.21:80',
      '192.0.2.10:40001 198.51.100.90:8080 198.51.100.21:8080',
    ),
  );
  const service: VirtualService = {
    key: {kind: 'fwmark', mark: 7, family: 'v4'},
    scheduler: 'rr',
    flags: [],
    onePacket: false,
    realServers: ['RIP1', 'RIP2'].map(rip => ({
      address: rig.address(rip),
      port: 0,
      forward: 'droute',
      weight: 1,
    })),
  };
  rig.expectation = {
    ...rig.expectation,
    request: rig.expectation.request.map(({ports, ...hop}) =>
      ports === undefined ? hop : {...hop, ports: 'CPORT > VPORT'},
    ),
    reply: rig.expectation.reply.map(({ports, ...hop}) =>
      ports === undefined ? hop : {...hop, ports: 'VPORT > CPORT'},
    ),
    virtuals: [other],
    roundRobin: false,
    schedule: {service, proves: []},
  };
  return rig;
}

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

test('each address and port of a marked service is VIP in its connections, and all are one service', t => {
  t.deepEqual(failed(run()), []);
});

test('without them the connection is a stray', t => {
  const rig = run();
  const {virtuals: _, ...expectation} = rig.expectation;
  rig.expectation = expectation;
  t.true(failed(rig).includes('strays'));
  t.true(failed(rig).includes('connections'));
});

test('a reply from another address of the service than was asked fails', t => {
  t.not(failed(run('198.51.100.80')).length, 0);
});

test('an entry of another address of the service fails', t => {
  const rig = run();
  const entries = rig.texts.get('director ipvsadm-Lnc') ?? '';
  rig.texts.set('director ipvsadm-Lnc', entries.replace('198.51.100.90:8080', '198.51.100.80:80'));
  t.deepEqual(failed(rig), ['entries']);
});

test('a director that refuses a connection as VIP did not mark it', t => {
  const rig = new Rig('dr');
  const {schedule} = run().expectation;
  if (schedule === undefined) throw new Error('no schedule');
  rig.expectation = {...rig.expectation, roundRobin: false, schedule, connections: 1};
  const route = rig.route('rs1', 40_000);
  const there = legsOf(route, 'request').slice(0, 2);
  const back = legsOf(route, 'reply');
  rig.send(there, {id: 9, protocol: 'tcp', flags: 'S', sequence: 10});
  rig.send(
    back.map((leg, i): Leg => (i === 0 ? {...leg, from: 'director'} : leg)),
    {id: 0, protocol: 'tcp', flags: 'R.', acknowledgement: 11},
  );
  t.deepEqual(
    rig.judge().diagnoses.map(({cause}) => cause),
    ['not-marked'],
  );
});
