/**
 * Something that kernels differ in. It is tried, in a network namespace of its own: what a kernel does is asked, not what
 * its configuration or its version let expect.
 */
export interface Capability<Name extends string = string> {
  readonly name: Name;
  /** What a kernel without it has not, and what brings it. */
  readonly words: string;
  /** For sh, with the functions of kernel-probe.ts: succeeds where the kernel has it. */
  readonly probe: string;
}

/** All schedulers that a mainline kernel has (net/netfilter/ipvs/Kconfig). */
export const schedulers = [
  ...(['rr', 'wrr', 'lc', 'wlc', 'fo', 'ovf', 'lblc'] as const),
  ...(['lblcr', 'dh', 'sh', 'mh', 'sed', 'nq', 'twos'] as const),
] as const;
export type Scheduler = (typeof schedulers)[number];

export const isScheduler = (name: string): name is Scheduler =>
  schedulers.some(scheduler => scheduler === name);

const scheduling = (scheduler: Scheduler): Capability<`scheduler-${Scheduler}`> => ({
  name: `scheduler-${scheduler}`,
  words: `scheduler "${scheduler}" (CONFIG_IP_VS_${scheduler.toUpperCase()}, module ip_vs_${scheduler})`,
  probe: `took '-s ${scheduler}'`,
});

/**
 * A kernel whose IPVS was built without the protocol takes a service of it all the same (ip_vs_ctl.c looks at the number
 * alone) and lets its packets pass: so a packet is sent.
 */
const balancing = <P extends 'tcp' | 'udp' | 'sctp'>(protocol: P): Capability<`ipvs-${P}`> => ({
  name: `ipvs-${protocol}`,
  words: `${protocol.toUpperCase()} in IPVS (CONFIG_IP_VS_PROTO_${protocol.toUpperCase()})`,
  probe: `scheduled ${protocol.toUpperCase()}`,
});

/** The kernel gives each namespace one when the module is loaded. */
const device = <N extends string>(name: N, option: string, module: string): Capability<N> => ({
  name,
  words: `tunnel device ${name} (${option}, module ${module})`,
  probe: `[ -e /sys/class/net/${name} ]`,
});

const plain = [
  {name: 'ipvs', words: 'IPVS (CONFIG_IP_VS, module ip_vs)', probe: 'ipvsadm -Ln'},
  balancing('tcp'),
  balancing('udp'),
  balancing('sctp'),
  {
    name: 'ipvs-ipv6',
    words: 'IPv6 in IPVS (CONFIG_IP_VS_IPV6)',
    probe: "took '-A -t [2001:db8::1]:80'",
  },
  {
    name: 'ipvs-nfct',
    words: 'net.ipv4.vs.conntrack (CONFIG_IP_VS_NFCT)',
    probe: '[ -e /proc/sys/net/ipv4/vs/conntrack ]',
  },
  {
    name: 'ipvs-ftp',
    words: 'FTP helper of IPVS (CONFIG_IP_VS_FTP, module ip_vs_ftp)',
    probe: 'grep -qw ftp /proc/net/ip_vs_app',
  },
  {
    name: 'ipvs-gre',
    words: 'GRE tunnels in IPVS (Linux 5.3)',
    probe: "took '--tun-type gre'",
  },
  {
    name: 'ipvs-gue',
    words: 'GUE tunnels in IPVS (Linux 5.2)',
    probe: "took '--tun-type gue'",
  },
  {
    name: 'ipvs-mixed',
    words: 'tunnels to real servers of the other family in IPVS (Linux 3.18, CONFIG_IP_VS_IPV6)',
    probe: "took '-r [2001:db8::6]:80 -i'",
  },
  {
    name: 'fou',
    words: 'receiver of GUE (CONFIG_NET_FOU, module fou)',
    probe: 'ip fou add port 6080 gue',
  },
  {
    name: 'fou6',
    words: 'receiver of GUE over IPv6 (CONFIG_NET_FOU, CONFIG_IPV6, module fou)',
    probe: 'ip -6 fou add port 6081 gue',
  },
  device('tunl0', 'CONFIG_NET_IPIP', 'ipip'),
  device('gre0', 'CONFIG_NET_IPGRE', 'ip_gre'),
  device('sit0', 'CONFIG_IPV6_SIT', 'sit'),
  device('ip6tnl0', 'CONFIG_IPV6_TUNNEL', 'ip6_tunnel'),
  device('ip6gre0', 'CONFIG_IPV6_GRE', 'ip6_gre'),
  {
    name: 'nf-tables',
    words: 'nf_tables (CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET)',
    probe: 'nft add table inet lvslab',
  },
  {
    name: 'match-ipvs',
    words:
      'netfilter match "ipvs" (CONFIG_NETFILTER_XT_MATCH_IPVS, CONFIG_NFT_COMPAT, module xt_ipvs)',
    probe: 'iptables -A FORWARD -m ipvs --ipvs -j ACCEPT',
  },
  {
    name: 'mark',
    words: 'netfilter target MARK (CONFIG_NETFILTER_XT_MARK, CONFIG_NFT_COMPAT)',
    probe: 'iptables -t mangle -A PREROUTING -j MARK --set-mark 1',
  },
  {
    name: 'masquerade',
    words: 'netfilter target MASQUERADE (CONFIG_NETFILTER_XT_TARGET_MASQUERADE, CONFIG_NFT_COMPAT)',
    probe: 'iptables -t nat -A POSTROUTING -j MASQUERADE',
  },
  {
    name: 'masquerade6',
    words:
      'netfilter target MASQUERADE for IPv6 (CONFIG_NETFILTER_XT_TARGET_MASQUERADE, CONFIG_NFT_COMPAT)',
    probe: 'ip6tables -t nat -A POSTROUTING -j MASQUERADE',
  },
  {
    name: 'sctp',
    words: 'SCTP sockets (CONFIG_IP_SCTP, module sctp)',
    probe: `perl -MSocket -e 'exit !socket(S, AF_INET, SOCK_STREAM, 132)'`,
  },
] as const;

export type CapabilityName = `scheduler-${Scheduler}` | (typeof plain)[number]['name'];

/** All that is asked. */
export const capabilities: readonly Capability<CapabilityName>[] = [
  ...schedulers.map(scheduling),
  ...plain,
];

export const capabilityNames: readonly CapabilityName[] = capabilities.map(({name}) => name);

/** What a kernel without it has not: `scheduler "mh" (CONFIG_IP_VS_MH, module ip_vs_mh)`. */
export const inWords = (name: CapabilityName): string =>
  capabilities.find(one => one.name === name)?.words ?? name;
