import test from 'ava';
import type {KernelFacts} from '../../src/host/types.ts';
import {whatLacks} from '../../src/lab/missing.ts';
import {planLab} from '../../src/lab/plan.ts';
import type {Lab} from '../../src/lab/types.ts';
import type {TunnelType} from '../../src/ipvs/types.ts';
import {ownLab} from './support/own-lab.ts';

const dr = await ownLab('modes/dr');
const tun = await ownLab('modes/tun');

const whole: KernelFacts = {
  release: '6.1.0-56',
  ipvs: true,
  schedulers: ['rr', 'mh'],
  tunnels: ['tunl0', 'gre0', 'ip6tnl0'],
};

const lacks = test.macro(
  (t, lab: Lab, kernel: Partial<KernelFacts>, expected: string | undefined) => {
    t.is(whatLacks({lab}, {...whole, ...kernel}), expected);
  },
);
test('a kernel that has all', lacks, tun, {}, undefined);
test(
  'a kernel without ip_vs',
  lacks,
  dr,
  {ipvs: false, schedulers: []},
  'kernel 6.1.0-56 has no IPVS (ip_vs)',
);
test(
  'a kernel without the scheduler',
  lacks,
  dr,
  {schedulers: ['wrr', 'mh']},
  'kernel 6.1.0-56 has no scheduler "rr" (ip_vs_rr)',
);
test(
  'a kernel without the tunnel device',
  lacks,
  tun,
  {tunnels: ['gre0']},
  'kernel 6.1.0-56 has no tunnel device tunl0',
);
test('no tunnel device is needed without a tunnel', lacks, dr, {tunnels: []}, undefined);

const through = (tunnel: TunnelType, family: 'v4' | 'v6' = 'v4'): Lab => ({
  ...tun,
  family,
  realServers: tun.realServers.map(server => ({...server, tunnel})),
});
test(
  'gre needs its own device',
  lacks,
  through({type: 'gre', checksum: false}),
  {tunnels: ['tunl0']},
  'kernel 6.1.0-56 has no tunnel device gre0',
);
test(
  'IPv6 needs its own device',
  lacks,
  through({type: 'ipip'}, 'v6'),
  {tunnels: ['tunl0']},
  'kernel 6.1.0-56 has no tunnel device ip6tnl0',
);

test('a counter-lab whose tunnel is down needs the device too', t => {
  const down = tun.counter.find(({change}) => change.setup?.tunnelUp === false);
  t.not(down, undefined);
  t.regex(whatLacks(planLab(tun, down), {...whole, tunnels: []}) ?? '', /tunl0/);
});
