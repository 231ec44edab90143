import {spawnSync} from 'node:child_process';
import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {
  directorScript,
  realServerScript,
  type MethodServer,
  type Setup,
} from '../../src/ipvs/method.ts';
import {tunnelOn} from '../../src/ipvs/tunnel.ts';
import type {RealServer, TunnelType, VirtualService} from '../../src/ipvs/types.ts';
import {parseTopology} from '../../src/topology/saved.ts';

const node = (
  name: string,
  role: string,
  links: readonly (readonly [network: string, v4: string, v6: string])[],
  routes: readonly object[] = [],
) => ({
  name,
  role,
  interfaces: links.map(([network, v4, v6], index) => ({
    name: `eth${index}`,
    network,
    mac: `02:4c:56:00:00:0${index}`,
    address: {v4, v6},
    names: [],
  })),
  routes,
  sysctls: {},
  services: [],
});

const topology = parseTopology(
  {
    name: 'small',
    description: '',
    networks: [
      {name: 'lan', prefix: {v4: '198.51.100.0/24', v6: '2001:db8:2::/64'}, mtu: 1500},
      {name: 'remote', prefix: {v4: '203.0.113.0/24', v6: '2001:db8:3::/64'}, mtu: 1500},
    ],
    nodes: [
      node('router', 'router', [
        ['lan', '198.51.100.1', '2001:db8:2::1'],
        ['remote', '203.0.113.1', '2001:db8:3::1'],
      ]),
      node('director', 'director', [['lan', '198.51.100.2', '2001:db8:2::2']]),
      node(
        'rs1',
        'realServer',
        [['remote', '203.0.113.21', '2001:db8:3::21']],
        [
          {to: 'default', via: '203.0.113.1', family: 'v4'},
          {to: 'default', via: '2001:db8:3::1', family: 'v6'},
        ],
      ),
    ],
    addresses: [],
  },
  'test',
);

const good: Setup = {
  sourceNat: false,
  conntrack: 0,
  vipOnRealServer: true,
  arpSuppression: true,
  tunnelUp: true,
  rpFilter: 0,
};
const vip4 = '198.51.100.80';
const vip6 = '2001:db8:2::80';

const service = (address: string, server: Omit<RealServer, 'weight' | 'port'>): VirtualService => ({
  key: {kind: 'address', protocol: 'tcp', address, port: 80},
  scheduler: 'rr',
  flags: [],
  onePacket: false,
  realServers: [{...server, port: 80, weight: 1}],
});

const onDirector = test.macro({
  exec(t, made: VirtualService, setup: Partial<Setup>, expected: readonly string[]) {
    const script = directorScript(topology, 'director', made, {...good, ...setup});
    t.is(spawnSync('sh', ['-n'], {input: script}).status, 0);
    const lines = script.split('\n');
    t.deepEqual(lines.slice(1, lines.indexOf("said=$(ipvsadm -R 2>&1 <<'LVSLAB'")), [...expected]);
  },
  title: (title = '') => `the director is set up for ${title}`,
});
const rs4 = '203.0.113.21';
test('masq', onDirector, service(vip4, {address: rs4, forward: 'masq'}), {}, [
  'ip addr add 198.51.100.80/32 dev eth0',
  'echo 1 >/proc/sys/net/ipv4/ip_forward',
]);
test('droute', onDirector, service(vip4, {address: rs4, forward: 'droute'}), {}, [
  'ip addr add 198.51.100.80/32 dev eth0',
]);
test(
  'full NAT',
  onDirector,
  service(vip4, {address: rs4, forward: 'masq'}),
  {sourceNat: true, conntrack: 1},
  [
    'ip addr add 198.51.100.80/32 dev eth0',
    'echo 1 >/proc/sys/net/ipv4/ip_forward',
    'echo 1 >/proc/sys/net/ipv4/vs/conntrack',
    'iptables -t nat -A POSTROUTING -m ipvs --vaddr 198.51.100.80 --vport 80 -j MASQUERADE',
  ],
);
test(
  'full NAT over IPv6',
  onDirector,
  service(vip6, {address: '2001:db8:3::21', forward: 'masq'}),
  {sourceNat: true, conntrack: 1},
  [
    'ip addr add 2001:db8:2::80/128 dev eth0 nodad preferred_lft 0',
    'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
    'echo 1 >/proc/sys/net/ipv4/vs/conntrack',
    'ip6tables -t nat -A POSTROUTING -m ipvs --vaddr 2001:db8:2::80 --vport 80 -j MASQUERADE',
  ],
);
test(
  'netfilter in the place of IPVS',
  onDirector,
  service(vip4, {address: rs4, forward: 'masq'}),
  {netfilterInstead: true},
  [
    'ip addr add 198.51.100.80/32 dev eth0',
    'echo 1 >/proc/sys/net/ipv4/ip_forward',
    `iptables -t nat -A PREROUTING -d 198.51.100.80 -p tcp --dport 80 -j DNAT --to-destination ${rs4}:80`,
  ],
);

test('netfilter gives connections to several real servers in turn, over IPv6 with brackets', t => {
  const one = service(vip6, {address: '2001:db8:3::21', forward: 'masq'});
  const [server] = one.realServers;
  t.truthy(server);
  if (server === undefined) return;
  const servers = [server, {...server, address: '2001:db8:3::22', port: 8080}];
  const script = directorScript(
    topology,
    'director',
    {...one, realServers: servers},
    {...good, netfilterInstead: true},
  );
  const rule = 'ip6tables -t nat -A PREROUTING -d 2001:db8:2::80 -p tcp --dport 80';
  t.true(
    script.includes(
      `${rule} -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination [2001:db8:3::21]:80\n` +
        `${rule} -j DNAT --to-destination [2001:db8:3::22]:8080\n`,
    ),
    script,
  );
});

test('a service table of which a line fails fails the script, though ipvsadm gives 0', t => {
  const script = directorScript(
    topology,
    'director',
    service(vip4, {address: rs4, forward: 'droute'}),
    good,
  );
  const run = (says: string) =>
    spawnSync(
      'sh',
      [
        '-c',
        `ip() { :; }; ipvsadm() { cat >/dev/null; ${says} }\n${script.replaceAll('/proc/sys/net/ipv4/vs/conntrack', '/dev/null')}`,
      ],
      {encoding: 'utf8'},
    );
  t.is(run(':;').status, 0);
  const failed = run('echo Scheduler not found >&2;');
  t.is(failed.status, 1);
  t.is(failed.stderr, 'ipvsadm: Scheduler not found\n');
});

const onRealServer = test.macro({
  exec(
    t,
    server: Omit<MethodServer, 'node'>,
    vip: string,
    setup: Partial<Setup>,
    expected: readonly string[],
  ) {
    const script = realServerScript(topology, 'director', {...server, node: 'rs1'}, vip, {
      ...good,
      ...setup,
    });
    t.is(spawnSync('sh', ['-n'], {input: script}).status, 0);
    t.is(script, ['set -e', ...expected, ''].join('\n'));
  },
  title: (title = '') => `a real server is set up for ${title}`,
});
const silent = [
  'echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore',
  'echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce',
];
const rpFilter = (device: string, value = 0) => [
  `echo ${value} >/proc/sys/net/ipv4/conf/all/rp_filter`,
  `echo ${value} >/proc/sys/net/ipv4/conf/${device}/rp_filter`,
];
const tunnel = (type: TunnelType): Omit<MethodServer, 'node'> => ({
  forward: 'tunnel',
  tunnel: type,
});
const gue: TunnelType = {type: 'gue', port: 6080, checksum: 'none'};

test('masq: nothing', onRealServer, {forward: 'masq'}, vip4, {}, []);
test('masq with another gateway', onRealServer, {forward: 'masq'}, vip4, {gateway: 'router'}, [
  'ip -4 route replace default via 203.0.113.1',
]);
test(
  'masq with a way to the director only',
  onRealServer,
  {forward: 'masq'},
  vip4,
  {gateway: 'none'},
  ['ip -4 route replace 198.51.100.0/24 via 203.0.113.1', 'ip -4 route del default'],
);
test(
  'masq over IPv6 with a way to the director only',
  onRealServer,
  {forward: 'masq'},
  vip6,
  {gateway: 'none'},
  ['ip -6 route replace 2001:db8:2::/64 via 2001:db8:3::1', 'ip -6 route del default'],
);
test('droute: silent in ARP before the VIP is there', onRealServer, {forward: 'droute'}, vip4, {}, [
  ...silent,
  'ip addr add 198.51.100.80/32 dev lo',
]);
test(
  'droute without ARP suppression',
  onRealServer,
  {forward: 'droute'},
  vip4,
  {arpSuppression: false},
  ['ip addr add 198.51.100.80/32 dev lo'],
);
test(
  'droute without the VIP',
  onRealServer,
  {forward: 'droute'},
  vip4,
  {vipOnRealServer: false},
  silent,
);
test('droute over IPv6, which needs no suppression', onRealServer, {forward: 'droute'}, vip6, {}, [
  'ip addr add 2001:db8:2::80/128 dev lo nodad preferred_lft 0',
]);
test('an ipip tunnel', onRealServer, tunnel({type: 'ipip'}), vip4, {}, [
  ...silent,
  'ethtool -K tunl0 gro off >/dev/null',
  'ip link set tunl0 up',
  'ip addr add 198.51.100.80/32 dev tunl0',
  ...rpFilter('tunl0'),
]);
test('a tunnel whose device is down', onRealServer, {forward: 'tunnel'}, vip4, {tunnelUp: false}, [
  ...silent,
  'ethtool -K tunl0 gro off >/dev/null',
  'ip addr add 198.51.100.80/32 dev tunl0',
  ...rpFilter('tunl0'),
]);
test('a tunnel with rp_filter', onRealServer, {forward: 'tunnel'}, vip4, {rpFilter: 1}, [
  ...silent,
  'ethtool -K tunl0 gro off >/dev/null',
  'ip link set tunl0 up',
  'ip addr add 198.51.100.80/32 dev tunl0',
  ...rpFilter('tunl0', 1),
]);
test('a gre tunnel', onRealServer, tunnel({type: 'gre', checksum: false}), vip4, {}, [
  ...silent,
  'ethtool -K gre0 gro off >/dev/null',
  'ip link set gre0 up',
  'ip addr add 198.51.100.80/32 dev gre0',
  ...rpFilter('gre0'),
]);
test(
  'a gre tunnel with checksums, which the fallback device does not take',
  onRealServer,
  tunnel({type: 'gre', checksum: true}),
  vip4,
  {},
  [
    ...silent,
    'ip link add gre1 type gre local 203.0.113.21 csum',
    'ethtool -K gre1 gro off >/dev/null',
    'ip link set gre1 up',
    'ip addr add 198.51.100.80/32 dev gre1',
    ...rpFilter('gre1'),
  ],
);
test(
  'a gre tunnel with checksums at the fallback device',
  onRealServer,
  tunnel({type: 'gre', checksum: true}),
  vip4,
  {greDevice: 'fallback'},
  [
    ...silent,
    'ethtool -K gre0 gro off >/dev/null',
    'ip link set gre0 up',
    'ip addr add 198.51.100.80/32 dev gre0',
    ...rpFilter('gre0'),
  ],
);
test(
  'droute over IPv6 with the VIP where the real server tells of it',
  onRealServer,
  {forward: 'droute'},
  vip6,
  {vipOn: 'lan'},
  ['ip addr add 2001:db8:2::80/128 dev eth0 nodad preferred_lft 0'],
);
test('a gue tunnel', onRealServer, tunnel(gue), vip4, {}, [
  ...silent,
  'ip fou add port 6080 gue',
  'ethtool -K tunl0 gro off >/dev/null',
  'ip link set tunl0 up',
  'ip addr add 198.51.100.80/32 dev lo',
  ...rpFilter('tunl0'),
]);

test('tunnels over IPv6 have devices of their own', t => {
  t.is(tunnelOn({type: 'ipip'}, 'v6').device, 'ip6tnl0');
  t.is(tunnelOn({type: 'gre', checksum: false}, 'v6').device, 'ip6gre0');
  t.deepEqual(tunnelOn({type: 'gre', checksum: true}, 'v6').open('2001:db8:3::21'), [
    'ip link add gre1 type ip6gre local 2001:db8:3::21 csum',
  ]);
  t.deepEqual(tunnelOn(gue, 'v6').open('2001:db8:3::21'), ['ip -6 fou add port 6080 gue']);
});

test('what cannot be set up is refused', t => {
  const masq: MethodServer = {node: 'rs1', forward: 'masq'};
  const refused = (run: () => unknown, message: RegExp) =>
    t.throws(run, {instanceOf: InputError, message});
  refused(
    () => realServerScript(topology, 'director', masq, vip4, {...good, gateway: 'director'}),
    /share no network/,
  );
  refused(
    () => realServerScript(topology, 'director', masq, vip4, {...good, gateway: 'rooter'}),
    /unknown node/,
  );
  refused(
    () => realServerScript(topology, 'director', masq, '198.51.100.80; reboot', good),
    /not an address/,
  );
  refused(
    () =>
      directorScript(
        topology,
        'director',
        service('203.0.113.80', {address: rs4, forward: 'masq'}),
        good,
      ),
    /cannot hold the VIP/,
  );
});
