import test from 'ava';
import {capabilityNames, type CapabilityName} from '../../src/host/capabilities.ts';
import type {TunnelType} from '../../src/ipvs/types.ts';
import {needsOf, whatLacks} from '../../src/lab/missing.ts';
import {planLab} from '../../src/lab/plan.ts';
import {stepsOf} from '../../src/lab/resolve.ts';
import type {Lab} from '../../src/lab/types.ts';
import {ownLab} from './support/own-lab.ts';

const dr = await ownLab('modes/dr');
const nat = await ownLab('modes/nat');
const tun = await ownLab('modes/tun');
const fullnat = await ownLab('modes/fullnat');

const release = '6.1.0-56';
/** A kernel with all but these. */
const without = (...names: readonly CapabilityName[]) => ({
  release,
  has: capabilityNames.filter(name => !names.includes(name)),
  sysctls: ['net.ipv4.vs.conntrack'],
});
const {topology} = planLab(dr);

const lacks = test.macro((t, lab: Lab, lack: CapabilityName, expected: RegExp) => {
  t.is(whatLacks({lab, topology}, without()), undefined);
  const words = whatLacks({lab, topology}, without(lack)) ?? '';
  t.true(words.startsWith(`kernel ${release} has no `), words);
  t.regex(words, expected);
});
const through = (tunnel: TunnelType, family: 'v4' | 'v6' = 'v4'): Lab => ({
  ...tun,
  family,
  realServers: tun.realServers.map(server => ({...server, tunnel})),
});
const gre: TunnelType = {type: 'gre', checksum: false};
const gue: TunnelType = {type: 'gue', port: 6080, checksum: 'none'};
const sctp: Lab = {...nat, service: {...nat.service, protocol: 'sctp'}};
const marked: Lab = {...dr, service: {...dr.service, mark: {number: 7}}};
const wrr: Lab = {...nat, service: {...nat.service, scheduler: 'wrr'}};

test('a kernel without IPVS', lacks, dr, 'ipvs', /IPVS \(CONFIG_IP_VS,/);
test('without the scheduler', lacks, wrr, 'scheduler-wrr', /"wrr" \(CONFIG_IP_VS_WRR,/);
test('without TCP in IPVS', lacks, dr, 'ipvs-tcp', /CONFIG_IP_VS_PROTO_TCP/);
test('without SCTP in IPVS', lacks, sctp, 'ipvs-sctp', /CONFIG_IP_VS_PROTO_SCTP/);
test('without SCTP sockets', lacks, sctp, 'sctp', /CONFIG_IP_SCTP,/);
test('without IPv6 in IPVS', lacks, {...nat, family: 'v6'}, 'ipvs-ipv6', /CONFIG_IP_VS_IPV6/);
test('ipip without its device', lacks, tun, 'tunl0', /tunl0 \(CONFIG_NET_IPIP, module ipip\)/);
test('gre without its device', lacks, through(gre), 'gre0', /gre0 \(CONFIG_NET_IPGRE/);
test('gre without GRE in IPVS', lacks, through(gre), 'ipvs-gre', /GRE tunnels in IPVS/);
test('gue without the receiver', lacks, through(gue), 'fou', /CONFIG_NET_FOU, module fou/);
test('gue without GUE in IPVS', lacks, through(gue), 'ipvs-gue', /GUE tunnels in IPVS/);
test('gue over IPv6', lacks, through(gue, 'v6'), 'fou6', /CONFIG_NET_FOU, CONFIG_IPV6/);
test('ipip over IPv6', lacks, through({type: 'ipip'}, 'v6'), 'ip6tnl0', /CONFIG_IPV6_TUNNEL/);
test('gre over IPv6', lacks, through(gre, 'v6'), 'ip6gre0', /CONFIG_IPV6_GRE/);
const mixed = (family: 'v4' | 'v6', tunnel: TunnelType = {type: 'ipip'}): Lab => ({
  ...through(tunnel, family),
  realServers: tun.realServers.map(server => ({
    ...server,
    tunnel,
    family: family === 'v4' ? 'v6' : 'v4',
  })),
});
test('IPv4 in IPv6', lacks, mixed('v4'), 'ip6tnl0', /CONFIG_IPV6_TUNNEL/);
test('IPv6 in IPv4', lacks, mixed('v6'), 'sit0', /CONFIG_IPV6_SIT/);
test('IPv6 in GRE over IPv4', lacks, mixed('v6', gre), 'gre0', /CONFIG_NET_IPGRE/);
test('IPv4 in GUE over IPv6', lacks, mixed('v4', gue), 'fou6', /CONFIG_NET_FOU, CONFIG_IPV6/);
test('tunnels of mixed families', lacks, mixed('v4'), 'ipvs-mixed', /other family in IPVS/);
test('full NAT without conntrack in IPVS', lacks, fullnat, 'ipvs-nfct', /CONFIG_IP_VS_NFCT/);
test('full NAT without the match', lacks, fullnat, 'match-ipvs', /CONFIG_NETFILTER_XT_MATCH_IPVS/);
test('full NAT without SNAT', lacks, fullnat, 'masquerade', /TARGET_MASQUERADE/);
test('a firewall mark without the target', lacks, marked, 'mark', /CONFIG_NETFILTER_XT_MARK/);
test('what a lab says that it needs', lacks, {...nat, needs: ['ipvs-ftp']}, 'ipvs-ftp', /_FTP/);

test("a counter-lab's tunnel is asked for too", async t => {
  const lab = await ownLab('tunnels/gre');
  const counter = lab.counter.find(({change}) => change.tunnel?.type === 'ipip');
  t.is(whatLacks({lab, topology}, without('tunl0')), undefined);
  t.regex(whatLacks({lab, topology, counter}, without('tunl0')) ?? '', /tunl0/);
  t.regex(whatLacks({lab, topology, counter}, without('gre0')) ?? '', /gre0/);
});

test("a counter-lab's netfilter is asked for too", t => {
  const counter = nat.counter.find(({change}) => change.setup?.netfilterInstead === true);
  t.truthy(counter);
  t.is(whatLacks({lab: nat, topology}, without('masquerade')), undefined);
  t.regex(whatLacks({lab: nat, topology, counter}, without('masquerade')) ?? '', /MASQUERADE/);
});

test('plain NAT, DR and tunnels run on a kernel without conntrack in IPVS', t => {
  for (const lab of [nat, dr, tun]) {
    t.is(whatLacks({lab, topology}, without('ipvs-nfct', 'match-ipvs', 'masquerade')), undefined);
    for (const counter of [undefined, ...lab.counter])
      for (const script of planLab(lab, counter).scripts.values())
        t.notRegex(script, /vs\/conntrack/);
  }
});

test('no tunnel device is needed without a tunnel', t => {
  const devices = ['tunl0', 'gre0', 'ip6tnl0', 'ip6gre0'] as const;
  t.is(whatLacks({lab: dr, topology}, without(...devices)), undefined);
});

test('a counter-lab whose tunnel is down needs the device too', t => {
  const down = tun.counter.find(({change}) => change.setup?.tunnelUp === false);
  t.not(down, undefined);
  t.regex(whatLacks(planLab(tun, down), without('tunl0')) ?? '', /tunl0/);
});

test('a counter-lab with another scheduler, and a real server that is added later, have needs too', t => {
  const counter = dr.counter[0];
  if (counter === undefined) return t.fail('modes/dr has no counter-lab');
  const other = {...counter, change: {scheduler: 'twos'}};
  t.true(needsOf({lab: dr, topology, counter: other}).includes('scheduler-twos'));
  t.false(needsOf({lab: dr, topology}).includes('scheduler-twos'));
  const add = [{node: 'rs2', forward: 'tunnel', tunnel: gre}] as const;
  const edited: Lab = {...dr, traffic: [...stepsOf(dr), {kind: 'edit', add}]};
  t.true(needsOf({lab: edited, topology}).includes('gre0'));
});

test('a sysctl of IPVS that the lab or its topology names is needed', t => {
  const lab: Lab = {...nat, needs: ['net.ipv4.vs.est_nice']};
  t.regex(whatLacks({lab, topology}, without()) ?? '', /sysctl net\.ipv4\.vs\.est_nice$/);
  const nodes = topology.nodes.map(node => ({...node, sysctls: {'net.ipv4.vs.pmtu_disc': '0'}}));
  const named = {lab: nat, topology: {...topology, nodes}};
  t.true(needsOf(named).includes('net.ipv4.vs.pmtu_disc'));
  t.regex(whatLacks(named, without()) ?? '', /sysctl net\.ipv4\.vs\.pmtu_disc$/);
});
