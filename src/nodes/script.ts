import {BrokenLabError, InputError} from '../problem.ts';
import {networkByName, prefixLength} from '../topology/names.ts';
import type {Interface, Network, Node, Topology} from '../topology/types.ts';
import {httpServerScript} from './http.ts';
import {quote} from '../quote.ts';
import {setSysctl, sysctlFunction} from './sysctl.ts';

/**
 * The one script that makes a fresh container the topology's node: interfaces named by their MACs, offloads off, sysctls,
 * addresses, routes and the HTTP server. A namespace starts with some settings of the host's own (an engine sets
 * ip_forward, distributions set rp_filter), so those that matter here are set to the kernel's defaults first.
 */
export function nodeScript(topology: Topology, node: Node): string {
  const links = node.interfaces.map(link => ({link, network: networkOf(topology, node, link)}));
  const ports = node.services.map(({port}) => port);
  return [
    'set -e',
    sysctlFunction,
    // The engine's name server for containers has rules of its own in the nat table.
    'nft flush ruleset 2>/dev/null || :',
    ': >/etc/resolv.conf',
    nameInterfaces(node.interfaces),
    // Frames as a wire has them: no segments larger than the MTU, no checksum left to hardware that is not there.
    ...node.interfaces.map(
      ({name}) =>
        `ethtool -K ${quote(name)} rx off tx off sg off tso off gso off gro off >/dev/null`,
    ),
    sysctlDefaults,
    ...ipv6Sysctls(node),
    ...sortedSysctls(node).map(([name, value]) => setSysctl(name, value)),
    `ip -batch - <<'LVSLAB'`,
    ...links.flatMap(({link, network}) => addressLines(link, network)),
    ...node.routes.map(({to, via}) => `route replace ${word(to)} via ${word(via)}`),
    'LVSLAB',
    ...(ports.length > 0 ? [httpServerScript(node, ports)] : []),
    '',
  ].join('\n');
}

/** Values that `ip -batch` splits at spaces: a resolved topology has no other, a file made by hand may. */
function word(text: string): string {
  if (/^[0-9A-Za-z.:/-]+$/.test(text)) return text;
  throw new InputError({
    what: 'not an address, prefix or interface name',
    value: text,
    next: 'use a topology that `lvslab validate` accepts',
  });
}

function networkOf(topology: Topology, node: Node, {name, network}: Interface): Network {
  const found = networkByName(topology, network);
  if (found !== undefined) return found;
  throw new BrokenLabError({
    what: `interface ${name} of node "${node.name}" is on a network that topology "${topology.name}" has not`,
    value: network,
  });
}

/** Engines name interfaces in an order of their own; the pinned MAC tells which is which. */
function nameInterfaces(links: readonly Interface[]): string {
  return [
    'is() { read -r mac <"/sys/class/net/$1/address" && [ "$mac" = "$2" ]; } 2>/dev/null',
    `if ! { ${[...links.map(({name, mac}) => `is ${quote(name)} ${quote(mac)}`), ':'].join(' && ')}; }; then`,
    '  for device in /sys/class/net/eth*; do',
    '    device=${device##*/}; ip link set "$device" down; ip link set "$device" name "was-$device"',
    '  done',
    ...links.map(
      ({name, mac}) =>
        `  for device in /sys/class/net/was-*; do ! is "\${device##*/}" ${quote(mac)} || ip link set "\${device##*/}" name ${quote(name)}; done`,
    ),
    'fi',
    ...links.map(
      ({name, mac}) =>
        `is ${quote(name)} ${quote(mac)} || { echo ${quote(`no interface with MAC ${mac} (the engine must be Docker 25 or newer)`)} >&2; exit 3; }`,
    ),
  ].join('\n');
}

/** ip_forward first: writing it resets others (ip-sysctl.rst). SYN-ACKs are sent twice, not six times in a minute. */
const sysctlDefaults = [
  'sysctl net.ipv4.ip_forward 0',
  'sysctl net.ipv4.tcp_synack_retries 1',
  'for conf in /proc/sys/net/ipv4/conf/*; do',
  '  for knob in rp_filter arp_ignore arp_announce arp_filter; do echo 0 >"$conf/$knob"; done',
  'done',
].join('\n');

/** Without IPv6 addresses a node is silent in IPv6; with them it takes no address or route from anybody. */
function ipv6Sysctls({interfaces}: Node): readonly string[] {
  const off = (name: string, value: 0 | 1) =>
    setSysctl(`net.ipv6.conf.${name}.disable_ipv6`, String(value));
  if (interfaces.every(({address}) => address.v6 === undefined)) return [off('all', 1)];
  const quiet = {
    accept_ra: 0,
    accept_dad: 0,
    dad_transmits: 0,
    autoconf: 0,
    router_solicitations: 0,
  };
  const devices = ['all', 'default', ...interfaces.map(({name}) => name)];
  return [
    ...devices.flatMap(device =>
      Object.entries(quiet).map(([knob, value]) =>
        setSysctl(`net.ipv6.conf.${device}.${knob}`, String(value)),
      ),
    ),
    off('all', 0),
    ...interfaces.map(({name, address}) => off(name, address.v6 === undefined ? 1 : 0)),
  ];
}

/** Forwarding switches come first, as they reset settings that others make. */
function sortedSysctls({sysctls}: Node): readonly (readonly [string, string])[] {
  const rank = (name: string) => (/\.(ip_forward|forwarding)$/.test(name) ? 0 : 1);
  return Object.entries(sysctls).toSorted(([a], [b]) => rank(a) - rank(b));
}

function addressLines({name, address}: Interface, {mtu, prefix}: Network): readonly string[] {
  const device = word(name);
  const withLength = (ip: string, cidr: string | undefined, full: number) =>
    `${word(ip)}/${cidr === undefined ? full : prefixLength(cidr)}`;
  return [
    // Not the link-local addresses: a router asks for neighbours from them.
    `addr flush dev ${device} scope global`,
    `link set dev ${device} mtu ${mtu} up`,
    ...(address.v4 === undefined
      ? []
      : [`addr add ${withLength(address.v4, prefix.v4, 32)} brd + dev ${device}`]),
    ...(address.v6 === undefined
      ? []
      : [`addr add ${withLength(address.v6, prefix.v6, 128)} dev ${device} nodad`]),
  ];
}
