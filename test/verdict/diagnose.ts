import test from 'ava';
import {judge} from '../../src/verdict/judge.ts';
import type {Judgement} from '../../src/verdict/types.ts';
import type {Cause} from '../../src/verdict/causes.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {layersOf, legsOf, linkOf, type Content, type Leg, type Mode} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const syn: Content = {id: 100, protocol: 'tcp', flags: 'S', sequence: 10};
const answer: Content = {id: 0, protocol: 'tcp', flags: 'S.', sequence: 20, acknowledgement: 11};
const reset: Content = {id: 0, protocol: 'tcp', flags: 'R.', sequence: 0, acknowledgement: 11};
const port = 40_000;

/** The wrong set-up that each cause stands for, as its packets and the nodes show it. */
const wrong = test.macro({
  exec(
    t,
    mode: Mode,
    cause: Cause,
    happens: (rig: Rig, request: readonly Leg[], reply: readonly Leg[]) => void,
    shows: RegExp,
    topology?: string,
  ) {
    const rig = new Rig(mode, 'v4', 'tcp', topology);
    const route = rig.route('rs1', port);
    // A real server behind a router is not on the director's network: its way is told by the case itself.
    const [request, reply] =
      topology === undefined ? [legsOf(route, 'request'), legsOf(route, 'reply')] : [[], []];
    happens(rig, request, reply);
    rig.expectation = {...rig.expectation, connections: 1};
    rig.requests.push({
      client: 'client',
      token: 't',
      url: '/',
      message: 1,
      answered: false,
      status: 0,
      exitCode: 28,
      answeredBy: '',
      localAddress: rig.address('CIP'),
      localPort: port,
    });
    const judgement: Judgement = judge(rig.folder(), rig.captures(), rig.expectation);
    t.is(judgement.verdict, 'FAIL', judgement.reasons.join('; '));
    t.deepEqual(
      judgement.diagnoses.map(one => one.cause),
      [cause],
    );
    t.regex(judgement.diagnoses[0]?.evidence.join('; ') ?? '', shows);
  },
  title: (given, mode, cause) => given ?? `${mode}: ${cause} is diagnosed, and nothing else`,
});

const tunnelled = (options: string): string =>
  [
    '-A -t 198.51.100.80:80 -s rr',
    `-a -t 198.51.100.80:80 -r 203.0.113.21:80 -i -w 1 ${options}`,
    '',
  ].join('\n');
const greDevice = (name: string, options: string): string =>
  [
    `5: ${name}@NONE: <NOARP,UP,LOWER_UP> mtu 1476 qdisc noqueue state UNKNOWN`,
    '    link/gre 0.0.0.0 brd 0.0.0.0 promiscuity 0 minmtu 0 maxmtu 0',
    `    gre remote any local any ttl inherit nopmtudisc ${options}numtxqueues 1`,
    '    inet 198.51.100.80/32 scope global gre0',
    '',
  ].join('\n');

const up = (flags: string, vip = '198.51.100.80'): string =>
  `2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n4: tunl0@NONE: <${flags}> mtu 1480\n    inet ${vip}/32 scope global tunl0\n`;

test(
  wrong,
  'dr',
  'real-server-answers-arp',
  (rig, request, reply) => {
    rig.resolve('rs1');
    const [a, , c] = request;
    if (a !== undefined && c !== undefined) rig.send([a, {...c, from: 'router', ttl: 63}], syn);
    rig.send(reply, answer);
  },
  /frame \d+, rs1 eth0: rs1 > router +arp VIP is-at rs1; .*router > rs1 +CIP > VIP/,
);

test(
  wrong,
  'dr',
  'real-server-behind-router',
  rig => {
    const leg = {
      source: rig.address('CIP'),
      sourcePort: port,
      destination: rig.address('VIP'),
      destinationPort: 80,
    };
    const way: Leg[] = [{...leg, from: 'client', to: 'router', ttl: 64}];
    for (let ttl = 63; ttl >= 1; ttl--)
      way.push({
        ...leg,
        ttl,
        ...(ttl % 2 === 1 ? {from: 'router', to: 'director'} : {from: 'director', to: 'router'}),
      });
    rig.send(way, syn);
  },
  /director > router +CIP > VIP.*back again/,
  'remote-real-servers',
);

test(
  wrong,
  'dr',
  'port-not-rewritten',
  (rig, request, reply) => {
    rig.send(request, syn);
    rig.send(reply, reset);
  },
  /rs1 > router +VIP > CIP +tcp 80 > 40000 \[R\.\]/,
);

test(
  wrong,
  'nat',
  'reply-bypasses-director',
  (rig, request, reply) => {
    rig.send(request, syn);
    const [first] = reply;
    if (first !== undefined)
      rig.send(
        [
          {...first, to: 'router'},
          {...first, from: 'router', to: 'client', ttl: 63},
        ],
        answer,
      );
  },
  /router > client +RIP1 > CIP +tcp 8080 > 40000 \[S\.\]/,
);

test(
  wrong,
  'ipip',
  'tunnel-device-down',
  (rig, request) => {
    for (const leg of request) rig.cross(leg, syn);
    rig.append('rs1', 'ip-addr', up('NOARP'));
  },
  /rs1: ip addr shows tunl0 not UP/,
);

// A kernel without a taker for the protocol says port unreachable (net/ipv4/tunnel4.c): no refusal of the VIP's port.
test(
  'the ICMP error for a wrapped packet is no refusal of its port',
  wrong,
  'ipip',
  'tunnel-device-down',
  (rig, request) => {
    for (const leg of request) rig.cross(leg, syn);
    const last = request.at(-1);
    if (last === undefined) return;
    const {sender, receiver} = linkOf(rig.topology, 'rs1', 'router');
    const error: Layer[] = [
      {kind: 'ethernet', source: sender.mac, destination: receiver.mac},
      {kind: 'ipv4', source: rig.address('RIP1'), destination: rig.address('DIP')},
      {kind: 'icmp', type: 3, code: 3},
    ];
    const bytes = build(error, build([...layersOf(last, syn)]));
    rig.see(bytes, `rs1 ${sender.name}`, `router ${receiver.name}`);
    rig.append('rs1', 'ip-addr', up('NOARP'));
  },
  /rs1: ip addr shows tunl0 not UP/,
);

test(
  wrong,
  'ipip',
  'reverse-path-filter',
  (rig, request) => {
    rig.send(request, syn);
    rig.append('rs1', 'ip-addr', up('NOARP,UP,LOWER_UP'));
    rig.append('rs1', 'nstat', 'TcpExtIPReversePathFilter       3                  0.0\n');
  },
  /rs1: nstat shows TcpExtIPReversePathFilter 3/,
);

test(
  wrong,
  'ipip',
  'vip-missing',
  (rig, request) => {
    rig.send(request, syn);
    rig.append('rs1', 'ip-addr', up('NOARP,UP,LOWER_UP', '198.51.100.99'));
    rig.append('rs1', 'nstat', 'TcpExtIPReversePathFilter       0                  0.0\n');
  },
  /rs1: ip addr does not show 198.51.100.80/,
);

test(
  wrong,
  'gre',
  'other-tunnel',
  (rig, request) => {
    rig.send(
      request.map(leg =>
        leg.tunnel === undefined ? leg : {...leg, tunnel: {...leg.tunnel, kind: 'ipip'}},
      ),
      syn,
    );
    rig.append('director', 'ipvsadm-Sn', tunnelled('--tun-type ipip'));
  },
  /ipvsadm -Sn shows -a .* --tun-type ipip; frame \d+, director eth0: director > router/,
);

test(
  wrong,
  'gre',
  'gre-checksum-refused',
  (rig, request) => {
    rig.send(
      request.map(leg =>
        leg.tunnel === undefined
          ? leg
          : {...leg, tunnel: {...leg.tunnel, carrier: [{kind: 'gre', hasChecksum: true}]}},
      ),
      syn,
    );
    rig.append('director', 'ipvsadm-Sn', tunnelled('--tun-type gre --tun-csum'));
    rig.append('rs1', 'ip-addr', `${up('NOARP,UP,LOWER_UP')}${greDevice('gre0', '')}`);
  },
  /rs1: ip -d addr shows gre0 UP without icsum; frame \d+, router eth2: router > rs1/,
);

test(
  wrong,
  'fullnat',
  'no-source-nat',
  (rig, request) => {
    rig.send(
      request.map(leg => ({...leg, source: rig.address('CIP'), sourcePort: port})),
      syn,
    );
  },
  /router > rs1 +CIP > RIP1 +tcp 40000 > 80 \[S\]/,
);

test(
  wrong,
  'nat',
  'no-forwarding',
  (rig, request) => {
    rig.send(request.slice(0, 1), syn);
    rig.append('router', 'sysctl', 'net.ipv4.ip_forward = 0\n');
  },
  /ends at router; router: net.ipv4.ip_forward = 0/,
);

test(
  wrong,
  'dr',
  'forwarding-method',
  (rig, request) => {
    rig.send(
      request.map((leg, i) => (i === 2 ? {...leg, destination: rig.address('RIP1')} : leg)),
      syn,
    );
    rig.append(
      'director',
      'ipvsadm-Ln',
      'TCP  198.51.100.80:80 rr\n  -> 198.51.100.21:80    Masq    1      0          0\n',
    );
  },
  /ipvsadm -Ln shows Masq/,
);

const silent = test.macro((t, text: string, device: string, carrier: readonly Layer[]) => {
  const rig = new Rig('gre');
  const request = legsOf(rig.route('rs1', port), 'request').map(leg =>
    leg.tunnel === undefined ? leg : {...leg, tunnel: {...leg.tunnel, carrier}},
  );
  rig.send(request, syn);
  rig.append('director', 'ipvsadm-Sn', text);
  rig.append('rs1', 'ip-addr', device);
  t.deepEqual(rig.judge().diagnoses, []);
});
test(
  'a service that wraps as the lab expects is no cause',
  silent,
  tunnelled('--tun-type gre'),
  greDevice('gre0', ''),
  [{kind: 'gre'}],
);
test(
  'what a service states and no frame shows is no cause',
  silent,
  tunnelled('--tun-type ipip'),
  greDevice('gre0', ''),
  [{kind: 'gre'}],
);
test(
  'a device that takes checksums is no cause',
  silent,
  tunnelled('--tun-type gre --tun-csum'),
  greDevice('gre1', 'icsum ocsum '),
  [{kind: 'gre', hasChecksum: true}],
);
