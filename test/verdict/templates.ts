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
