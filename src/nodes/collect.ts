import type {Role} from '../topology/types.ts';
import {counterTexts} from './counters.ts';
import {accessLog} from './http.ts';
import {runSections} from './sections.ts';
import type {NodeShell} from './types.ts';

/**
 * `net.ipv4.ip_forward = 1`, a line each, in two processes. Not read by the shell itself: dash reads byte by byte, and
 * most files below /proc/sys give nothing after the first read.
 */
export const showSysctls = (files: readonly string[]): string =>
  `grep -Hs '' ${files.map(file => `/proc/sys/${file}`).join(' ')} | sed 's|^/proc/sys/||; :a; s|^\\([^:]*\\)/|\\1.|; ta; s|:| = |'`;

const everywhere: Readonly<Record<string, string>> = {
  'ip-addr': 'ip -d addr',
  'ip-route': 'ip -4 route; ip -6 route',
  'ip-neigh': 'ip neigh',
  nstat: 'nstat -az',
  sysctl: showSysctls([
    'net/ipv4/ip_forward',
    'net/ipv4/conf/*/rp_filter',
    'net/ipv4/conf/*/arp_ignore',
    'net/ipv4/conf/*/arp_announce',
    'net/ipv4/conf/*/send_redirects',
    'net/ipv6/conf/all/forwarding',
    'net/ipv6/conf/all/disable_ipv6',
    'net/ipv4/vs/*',
  ]),
};

const ofDirector: Readonly<Record<string, string>> = {
  'ipvsadm-Ln': 'ipvsadm -Ln',
  // The kernel lists page by page and skips entries where others expire meanwhile: what either reading shows is there.
  'ipvsadm-Lnc': `{ ipvsadm -Lnc; ipvsadm -Lnc; } | perl -ane 'print unless $seen{"@F[0, 3 .. 5]"}++'`,
  'ipvsadm-Lnc-at': 'date +%s%N',
  'ip-vs': 'cat /proc/net/ip_vs',
  'ipvsadm-Sn': 'ipvsadm -Sn',
  'iptables-nat': 'iptables-save -t nat; ip6tables-save -t nat',
  conntrack: [
    'on=0; read -r on </proc/sys/net/ipv4/vs/conntrack',
    '[ "$on" = 0 ] || { conntrack -L -f ipv4; conntrack -L -f ipv6; }',
  ].join('\n'),
};

const ofRealServer: Readonly<Record<string, string>> = {'access-log': `cat ${accessLog}`};

/**
 * What a node says of itself after the traffic, by the name of the text in the run folder. Everything in one script:
 * ipvsadm (8), conntrack(8) on directors, the HTTP server's access log on real servers, addresses, routes, neighbours,
 * counters and sysctls everywhere, NAT rules on directors. A command that fails gives ''. What IPVS counted comes last: by then
 * the kernel has mostly summed it up; `counters` says whether to wait until it has.
 */
export const collect = (
  shell: NodeShell,
  role: Role,
  counters: 'settled' | 'once',
): Promise<Record<string, string>> =>
  runSections(shell, `collect what ${shell.node} shows of itself`, {
    ...(role === 'director' ? ofDirector : {}),
    ...(role === 'realServer' ? ofRealServer : {}),
    ...everywhere,
    ...(role === 'director' ? counterTexts(counters) : {}),
  });
