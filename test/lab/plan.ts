import test from 'ava';
import {planLab, type Plan} from '../../src/lab/plan.ts';
import type {Lab} from '../../src/lab/types.ts';
import {InputError} from '../../src/problem.ts';
import {ownLab, ownModes} from './support/own-lab.ts';

const linesOf = (plan: Plan, node: string): readonly string[] =>
  (plan.scripts.get(node) ?? '').split('\n').filter(line => line !== '');

const plans = test.macro({
  async exec(t, name: string) {
    const lab = await ownLab(name);
    for (const counter of [undefined, ...lab.counter]) {
      const plan = planLab(lab, counter);
      t.is(plan.title, counter === undefined ? name : `${name} ${counter.claim}`);
      t.is(plan.counter, counter);
      t.is(plan.topology.name, counter?.change.topology ?? lab.topology);
      t.is(plan.director, 'director');
      t.deepEqual([...plan.scripts.keys()], ['director', 'rs1', 'rs2']);
      // A wrong set-up shows with one request to each real server; all else is judged as in the lab.
      const requests = counter === undefined ? 4 : 2;
      t.deepEqual(plan.expectation, {...planLab(lab).expectation, connections: requests});
      t.deepEqual(plan.steps, [
        {
          kind: 'http',
          client: 'client',
          requests: {
            address: '198.51.100.80',
            port: 80,
            requests,
            bytes: 4096,
            timeout: counter === undefined ? 3 : 1.5,
            sourcePort: 10_000,
          },
        },
      ]);
      t.deepEqual(plan.expectation.virtual, {address: '198.51.100.80', port: 80});
      t.true(plan.expectation.roundRobin);
    }
  },
  title: (_, name) => `${name} and its counter-labs are planned`,
});
for (const name of ownModes) test(plans, name);

const forwards = test.macro({
  async exec(t, name: string, flag: string, more: readonly string[], server: readonly string[]) {
    const plan = planLab(await ownLab(name));
    const director = linesOf(plan, 'director');
    t.is(director.filter(line => line.startsWith('-a ') && line.includes(` ${flag} `)).length, 2);
    for (const line of ['ip addr add 198.51.100.80/32 dev eth0', ...more])
      t.true(director.includes(line), `${line}\n${director.join('\n')}`);
    t.deepEqual(linesOf(plan, 'rs1'), ['set -e', ...server]);
    t.deepEqual(linesOf(plan, 'rs2'), ['set -e', ...server]);
  },
  title: (_, name, flag) => `${name} forwards with ${flag}, with what the method needs around it`,
});
const suppression = [
  'echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore',
  'echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce',
];
test(forwards, 'modes/nat', '-m', ['echo 1 >/proc/sys/net/ipv4/ip_forward'], []);
test(forwards, 'modes/dr', '-g', [], [...suppression, 'ip addr add 198.51.100.80/32 dev lo']);
test(
  forwards,
  'modes/tun',
  '-i',
  [],
  [
    ...suppression,
    'ethtool -K tunl0 gro off >/dev/null',
    'ip link set tunl0 up',
    'ip addr add 198.51.100.80/32 dev tunl0',
    'echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter',
    'echo 0 >/proc/sys/net/ipv4/conf/tunl0/rp_filter',
  ],
);
test(
  forwards,
  'modes/fullnat',
  '-m',
  [
    'echo 1 >/proc/sys/net/ipv4/vs/conntrack',
    'iptables -t nat -A POSTROUTING -m ipvs --vaddr 198.51.100.80 --vport 80 -j MASQUERADE',
  ],
  ['ip -4 route replace 198.51.100.0/24 via 203.0.113.1', 'ip -4 route del default'],
);

type Changes = Readonly<Record<string, {gone?: readonly string[]; come?: readonly string[]}>>;

/** Lines that only the lab's script of a node has, and lines that only its counter-lab's has. */
const breaks = test.macro<[string, RegExp, Changes]>({
  async exec(t, name, when, expected) {
    const lab = await ownLab(name);
    const counter = lab.counter.find(one => when.test(one.when));
    t.truthy(counter);
    const [right, wrong] = [planLab(lab), planLab(lab, counter)];
    for (const node of ['director', 'rs1', 'rs2']) {
      const [before, after] = [linesOf(right, node), linesOf(wrong, node)];
      const {gone = [], come = []} = expected[node] ?? {};
      t.deepEqual(
        before.filter(line => !after.includes(line)),
        gone,
        node,
      );
      t.deepEqual(
        after.filter(line => !before.includes(line)),
        come,
        node,
      );
    }
  },
  title: (_, name, when) => `the counter-lab of ${name} for ${when.source} changes that alone`,
});
const both = (change: Changes[string]): Changes => ({rs1: change, rs2: change});
const server = (rip: string): string => `-a -t 198.51.100.80:80 -r ${rip}:80 -g -w 1`;
test(breaks, 'modes/dr', /behind a router/, {
  director: {
    gone: ['198.51.100.21', '198.51.100.22'].map(server),
    come: ['203.0.113.21', '203.0.113.22'].map(server),
  },
});
test(breaks, 'modes/dr', /suppress ARP/, both({gone: suppression}));
test(
  breaks,
  'modes/nat',
  /gateway is the router/,
  both({come: ['ip -4 route replace default via 203.0.113.1']}),
);
test(breaks, 'modes/tun', /is down/, both({gone: ['ip link set tunl0 up']}));
const filters = (value: number): string[] =>
  ['all', 'tunl0'].map(name => `echo ${value} >/proc/sys/net/ipv4/conf/${name}/rp_filter`);
test(breaks, 'modes/tun', /rp_filter=1/, both({gone: filters(0), come: filters(1)}));
test(breaks, 'modes/fullnat', /conntrack is 0/, {
  director: {
    gone: ['echo 1 >/proc/sys/net/ipv4/vs/conntrack'],
  },
});

test('real servers that listen on another port get their HTTP server anew, the service stays', async t => {
  const lab = await ownLab('modes/dr');
  const counter = lab.counter.find(({change}) => change.listen !== undefined);
  const plan = planLab(lab, counter);
  for (const node of ['rs1', 'rs2']) t.regex(plan.scripts.get(node) ?? '', /^ *listen 8080;$/m);
  t.is(plan.scripts.get('director'), planLab(lab).scripts.get('director'));
  t.notRegex(planLab(lab).scripts.get('rs1') ?? '', /listen/);
});

test('a counter-lab may change one real server only', async t => {
  const lab = await ownLab('modes/dr');
  const counter = lab.counter.find(({claim}) => claim === 'DR4');
  if (counter === undefined) return t.fail();
  const plan = planLab(lab, {...counter, change: {...counter.change, nodes: ['rs1']}});
  t.is(plan.scripts.get('rs2'), planLab(lab).scripts.get('rs2'));
  t.deepEqual(linesOf(plan, 'rs1'), ['set -e', 'ip addr add 198.51.100.80/32 dev lo']);
});

test('a counter-lab for nothing but the real servers leaves the director as it is', async t => {
  const lab = await ownLab('modes/fullnat');
  const [counter] = lab.counter;
  if (counter === undefined) return t.fail();
  const plan = planLab(lab, {...counter, change: {...counter.change, nodes: ['rs1']}});
  t.is(plan.scripts.get('director'), planLab(lab).scripts.get('director'));
});

const tunnels = test.macro(async (t, change: Partial<Lab>, expected: readonly string[]) => {
  const plan = planLab({...(await ownLab('modes/tun')), ...change});
  t.deepEqual(
    plan.tunnels.map(({node, device}) => `${node} ${device}`),
    expected,
  );
});
test('the devices where tunnels end are captured', tunnels, {}, ['rs1 tunl0', 'rs2 tunl0']);
test(
  'the device is that of the tunnel type',
  tunnels,
  {realServers: [{node: 'rs2', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}}]},
  ['rs2 gre0'],
);
test(
  'a tunnel without a type is ipip',
  tunnels,
  {realServers: [{node: 'rs1', forward: 'tunnel'}]},
  ['rs1 tunl0'],
);
test(
  'without a tunnel no device is captured',
  tunnels,
  {realServers: [{node: 'rs1', forward: 'droute'}]},
  [],
);

test('GRE with checksums has a device of its own, and a counter-lab may take it away', async t => {
  const lab = await ownLab('tunnels/gre-csum');
  const devices = (plan: Plan): string[] => plan.tunnels.map(({device}) => device);
  t.deepEqual(devices(planLab(lab)), ['gre1', 'gre1']);
  const counter = lab.counter.find(({change}) => change.setup?.greDevice === 'fallback');
  const wrong = planLab(lab, counter);
  t.deepEqual(devices(wrong), ['gre0', 'gre0']);
  t.is(wrong.scripts.get('director'), planLab(lab).scripts.get('director'));
});

test('a counter-lab may change how the service wraps, and leaves the real servers', async t => {
  const lab = await ownLab('tunnels/gre');
  const counter = lab.counter.find(({change}) => change.tunnel?.type === 'gre');
  if (counter === undefined) return t.fail();
  const [right, wrong] = [planLab(lab), planLab(lab, counter)];
  for (const node of ['rs1', 'rs2']) t.is(wrong.scripts.get(node), right.scripts.get(node));
  const options = (plan: Plan): string[] =>
    (plan.scripts.get('director') ?? '').split('\n').flatMap(line => line.match(/--tun.*/) ?? []);
  t.deepEqual(options(right), Array(2).fill('--tun-type gre --tun-nocsum'));
  t.deepEqual(options(wrong), Array(2).fill('--tun-type gre --tun-csum'));
  const one = planLab(lab, {...counter, change: {...counter.change, nodes: ['rs2']}});
  t.deepEqual(options(one), ['--tun-type gre --tun-nocsum', '--tun-type gre --tun-csum']);
});

test('a lab with IPv6 is planned with the IPv6 addresses', async t => {
  const plan = planLab({...(await ownLab('modes/dr')), family: 'v6'});
  t.is(plan.expectation.virtual.address, '2001:db8:2::80');
  t.is(plan.expectation.family, 'v6');
  t.regex(
    plan.scripts.get('director') ?? '',
    /-a -t \[2001:db8:2::80\]:80 -r \[2001:db8:2::21\]:80 -g/,
  );
});

test("weights and ports of the lab's real servers reach IPVS, and the expectation", async t => {
  const plan = planLab({
    ...(await ownLab('modes/nat')),
    realServers: [
      {node: 'rs1', forward: 'masq', port: 8080, weight: 3},
      {node: 'rs2', forward: 'masq'},
    ],
  });
  const director = plan.scripts.get('director') ?? '';
  t.regex(director, /-r 203\.0\.113\.21:8080 -m -w 3\n/);
  t.regex(director, /-r 203\.0\.113\.22:80 -m -w 1\n/);
  t.deepEqual(plan.expectation.realServers, [
    {node: 'rs1', port: 8080},
    {node: 'rs2', port: 80},
  ]);
});

test('only rr takes turns', async t => {
  const lab = await ownLab('modes/dr');
  const plan = planLab({...lab, service: {...lab.service, scheduler: 'sh'}});
  t.false(plan.expectation.roundRobin);
});

const impossible = test.macro(async (t, change: Partial<Lab>, expected: RegExp) => {
  const lab = {...(await ownLab('modes/dr')), ...change};
  const error = t.throws(() => planLab(lab), {instanceOf: InputError});
  t.regex(error.message, expected);
});
test(
  'an unknown topology is refused',
  impossible,
  {topology: 'routed-lam'},
  /routed-lam[^]*did you mean routed-lan/,
);
test(
  'an unknown real server is refused',
  impossible,
  {realServers: [{node: 'rs5', forward: 'droute'}]},
  /unknown node[^]*got {4}rs5/,
);

test('sysctls of a lab and of its counter-lab come before all else, the latter last', async t => {
  const lab = await ownLab('mtu/tun-path');
  const [counter] = lab.counter;
  t.false(linesOf(planLab(lab), 'director').some(line => line.includes('pmtu_disc')));
  const lines = linesOf(
    planLab({...lab, sysctls: {client: {'net.ipv4.tcp_sack': 0}}}, counter),
    'director',
  );
  t.true(lines.includes("sysctl net.ipv4.vs.pmtu_disc '0'"), lines.join('\n'));
  const client = linesOf(planLab({...lab, sysctls: {client: {'net.ipv4.tcp_sack': 0}}}), 'client');
  t.true(client.includes("sysctl net.ipv4.tcp_sack '0'"), client.join('\n'));
});

test('what a lab expects of ICMP errors and of refused requests is in its expectation', async t => {
  const lab = await ownLab('mtu/unreachable-nat');
  const {expectation, scripts} = planLab(lab);
  t.deepEqual(expectation.errors, lab.expect.errors);
  t.true(expectation.answers.refused);
  t.deepEqual(expectation.reply, []);
  t.false(scripts.get('rs1')?.includes('lvslab-server'), 'nothing listens');
});
