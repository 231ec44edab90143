import test from 'ava';
import type {VirtualService} from '../../src/ipvs/types.ts';
import {Rig} from '../support/rig.ts';

type Server = 'rs1' | 'rs2';
const mark: VirtualService['key'] = {kind: 'fwmark', mark: 258, family: 'v4'};

/** A run of DR with one client's connections at these servers. */
function run(servers: readonly Server[], key?: VirtualService['key']): Rig {
  const rig = new Rig('dr');
  rig.resolve();
  for (const node of ['rs1', 'rs2'])
    rig.append(node, 'ip-route', 'default via 198.51.100.1 dev eth0\n');
  for (const [i, server] of servers.entries()) rig.connect(server, 40_000 + i);
  const service: VirtualService = {
    key: key ?? {kind: 'address', protocol: 'tcp', address: rig.address('VIP'), port: 80},
    scheduler: 'rr',
    flags: [],
    persistence: {timeout: 300, netmask: '255.255.255.0'},
    onePacket: false,
    realServers: ['RIP1', 'RIP2'].map(rip => ({
      address: rig.address(rip),
      port: 80,
      forward: 'droute',
      weight: 1,
    })),
  };
  rig.expectation = {...rig.expectation, roundRobin: false, schedule: {service, proves: []}};
  return rig;
}

const list = (rig: Rig, virtual: string, server: string, client = '192.0.2.0'): void =>
  rig.append(
    'director',
    'ipvsadm-Lnc',
    `${virtual.startsWith('0.') ? 'IP' : 'TCP'} 04:59 NONE ${client}:0 ${virtual} ${server}\n`,
  );

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

const vip = '198.51.100.80:80';
const [first, second] = ['198.51.100.21:80', '198.51.100.22:80'];

test('connections of one group follow its template', t => {
  const rig = run(['rs2', 'rs2', 'rs2']);
  list(rig, vip, second);
  t.deepEqual(failed(rig), []);
});

test('connections that take turns do not', t => {
  const rig = run(['rs2', 'rs1', 'rs2']);
  list(rig, vip, second);
  t.deepEqual(failed(rig), ['schedule']);
});

test('the template of a firewall mark has the mark in the place of the address', t => {
  const rig = run(['rs2', 'rs2'], mark);
  list(rig, '0.0.1.2:0', '198.51.100.22:0');
  t.deepEqual(failed(rig), []);
});

const wrong = test.macro({
  exec(t, spoil: (rig: Rig) => void) {
    const rig = run(['rs2', 'rs2', 'rs2']);
    spoil(rig);
    t.deepEqual(failed(rig), ['templates']);
  },
  title: (name = '') => `${name} fails`,
});
test('no template', wrong, () => undefined);
test('a template at another real server', wrong, rig => list(rig, vip, first));
test('a template at another port', wrong, rig => list(rig, vip, '198.51.100.22:81'));
test('a template of the client alone', wrong, rig => list(rig, vip, second, '192.0.2.10'));
test('a template of another address', wrong, rig => list(rig, '198.51.100.81:80', second));
test('a template too many', wrong, rig => {
  list(rig, vip, second);
  list(rig, vip, second, '203.0.113.0');
});

const listing = (options: string): string =>
  `TCP  198.51.100.80:80 rr${options}\n  -> 198.51.100.21:80 Route 1 0 0\n`;

test('another persistence than expected is diagnosed', t => {
  for (const options of ['', ' persistent 300', ' persistent 60 mask 255.255.255.0']) {
    const rig = run(['rs2', 'rs1']);
    rig.texts.set('director ipvsadm-Ln', listing(options));
    t.true(rig.judge().diagnoses.some(({cause}) => cause === 'other-persistence'));
  }
  const rig = run(['rs2', 'rs1']);
  rig.texts.set('director ipvsadm-Ln', listing(' persistent 300 mask 255.255.255.0'));
  t.false(rig.judge().diagnoses.some(({cause}) => cause === 'other-persistence'));
});

/** What was seen to be gone, at the time that the run has come to. */
const expire = (rig: Rig, expiries: {at: string; node: string}[]): void => {
  expiries.push({at: String(rig.time), node: 'director'});
  rig.expectation = {...rig.expectation, expiry: {times: 1, proves: []}};
};

/** Two connections, the end of all entries, and two more. */
function expired(after: readonly Server[], seen = true): Rig {
  const rig = run(['rs2', 'rs2']);
  rig.texts.set('director ipvsadm-Lnc', '');
  expire(rig, seen ? rig.expiries : []);
  rig.time += 1_000_000n;
  for (const [i, server] of after.entries()) rig.connect(server, 40_010 + i);
  list(rig, vip, after[0] === 'rs1' ? first : second);
  return rig;
}

test('after the end of its template a client is scheduled anew, and old entries need not be listed', t => {
  t.deepEqual(failed(expired(['rs1', 'rs1'])), []);
});

test('a client that comes to its old real server by an ended template fails', t => {
  t.deepEqual(failed(expired(['rs2', 'rs2'])), ['schedule']);
});

test('an end that was not seen fails, whatever came then', t => {
  t.true(failed(expired(['rs2', 'rs2'], false)).includes('expiry'));
  t.true(failed(expired(['rs1', 'rs1'], false)).includes('schedule'));
});

/** Two connections at rs2, whose weight becomes 0, and one more. */
function quiescent(last: Server, expireQuiescent: boolean): Rig {
  const rig = run(['rs2', 'rs2']);
  const server = rig.expectation.schedule?.service.realServers[1];
  if (server === undefined) throw new Error('no second real server');
  rig.events.push({
    at: String(rig.time),
    node: 'director',
    edit: {kind: 'edit', server: {...server, weight: 0}},
  });
  rig.time += 1_000_000n;
  rig.connect(last, 40_010);
  const {schedule} = rig.expectation;
  if (schedule === undefined) throw new Error('no schedule');
  rig.expectation = {...rig.expectation, schedule: {...schedule, expireQuiescent}};
  return rig;
}
const left = '198.51.100.80:65535';

test('a template keeps its client at a quiescent real server', t => {
  const rig = quiescent('rs2', false);
  list(rig, vip, second);
  t.deepEqual(failed(rig), []);
  t.deepEqual(failed(quiescent('rs1', false)), ['schedule', 'templates']);
});

test('with expire_quiescent_template it is left, and stays with another port', t => {
  for (const virtual of [left, vip]) {
    const rig = quiescent('rs1', true);
    list(rig, vip, first);
    list(rig, virtual, '198.51.100.22:65535');
    t.deepEqual(failed(rig), [], virtual);
  }
  const kept = quiescent('rs2', true);
  list(kept, vip, second);
  t.deepEqual(failed(kept), ['schedule']);
});

test('a left template that is not listed fails, and one that is without a reason', t => {
  const rig = quiescent('rs1', true);
  list(rig, vip, first);
  t.deepEqual(failed(rig), ['templates']);
  const other = quiescent('rs2', false);
  list(other, vip, second);
  list(other, left, '198.51.100.22:65535');
  t.deepEqual(failed(other), ['templates']);
});

test('another expire_quiescent_template than expected is diagnosed', t => {
  const causes = (rig: Rig, value: number) => {
    rig.append('director', 'sysctl', `net.ipv4.vs.expire_quiescent_template = ${value}\n`);
    return rig.judge().diagnoses.map(({cause}) => cause);
  };
  t.true(causes(quiescent('rs1', false), 1).includes('other-quiescent'));
  t.true(causes(quiescent('rs2', true), 0).includes('other-quiescent'));
  t.false(causes(quiescent('rs1', false), 0).includes('other-quiescent'));
});
