import test from 'ava';
import {renderVrrp, type VrrpConfig} from '../../../src/ipvs/keepalived/vrrp.ts';
import {InputError} from '../../../src/problem.ts';

const config: VrrpConfig = {
  interval: 50,
  higherTellsOnce: true,
  lowerAnnounces: 1,
  instances: [{id: 51, device: 'eth0', priority: 150, addresses: ['198.51.100.80']}],
  sync: {device: 'eth0', id: 7, follows: 51},
};

test('a virtual router is written with its priority, interval and addresses, and the sync daemon follows it', t => {
  t.is(
    renderVrrp(config, false),
    `global_defs {
  vrrp_version 3
  vrrp_higher_prio_send_advert true
  vrrp_garp_lower_prio_repeat 1
  vrrp_garp_master_repeat 2
  vrrp_garp_master_delay 1
  vrrp_garp_master_refresh 0
  lvs_sync_daemon eth0 VR_51 id 7
}
vrrp_instance VR_51 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 0.5
  virtual_ipaddress {
    198.51.100.80/32 dev eth0
  }
}
`,
  );
});

test('without a sync daemon nothing is said of one', t => {
  const {sync: _, ...rest} = config;
  t.notRegex(renderVrrp(rest, false), /sync/);
});

const two = {
  ...config,
  instances: [
    ...config.instances,
    {id: 52, device: 'eth1', priority: 150, addresses: ['2001:db8::1']},
  ],
};

test('several virtual routers go together when they are one way through the director', t => {
  t.regex(
    renderVrrp(two, true),
    /vrrp_sync_group TOGETHER \{\n {2}group \{\n {4}VR_51\n {4}VR_52\n/,
  );
  t.notRegex(renderVrrp(two, false), /vrrp_sync_group/);
  t.notRegex(renderVrrp(config, true), /vrrp_sync_group/);
});

test('IPv6 addresses have their own host length', t => {
  t.regex(renderVrrp(two, false), /^ {4}2001:db8::1\/128 dev eth1$/m);
});

const refused = test.macro<[change: Partial<VrrpConfig>, what: RegExp]>({
  exec(t, change, what) {
    t.throws(() => renderVrrp({...config, ...change}, false), {
      instanceOf: InputError,
      message: what,
    });
  },
  title: (_, change) => `refused: ${JSON.stringify(change)}`,
});
const [instance] = config.instances;
for (const [change, what] of [
  [{id: 0}, /virtual router id/],
  [{priority: 255}, /priority/],
  [{device: 'eth0; x'}, /not an interface/],
  [{addresses: ['x\n}']}, /not an address/],
] as const)
  test(refused, {instances: instance === undefined ? [] : [{...instance, ...change}]}, what);
test(refused, {interval: 0.5}, /interval/);
test(refused, {interval: 4096}, /interval/);
test(refused, {lowerAnnounces: -1}, /announcements/);
