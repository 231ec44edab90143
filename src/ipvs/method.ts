import {InputError} from '../problem.ts';
import type {Address} from '../topology/ip.ts';
import {
  gatewayBetween,
  interfaceOn,
  networkByName,
  networkOfAddress,
  nodeByName,
  sharedNetworks,
} from '../topology/names.ts';
import type {Family, Node, Topology} from '../topology/types.ts';
import {addressOf} from './address.ts';
import {markScript, type Marked} from './mark.ts';
import {renderServices, restoreScript} from './render.ts';
import {formatEndpoint} from './text.ts';
import {receivedTunnel, tunnelOn} from './tunnel.ts';
import type {Forward, TunnelType, VirtualService} from './types.ts';

/** How a forwarding method is set up around IPVS. Each field is something that a counter-lab can get wrong. */
export interface Setup {
  /** masq + SNAT by netfilter makes full NAT. */
  readonly sourceNat: boolean;
  /** net.ipv4.vs.conntrack on the director. */
  readonly conntrack: 0 | 1;
  /** Real servers hold the VIP (droute: on lo; tunnel: on the tunnel device). */
  readonly vipOnRealServer: boolean;
  /** Where they hold it; undefined for where it belongs, `lan` for their first interface, on which they tell of it. */
  readonly vipOn?: 'lan' | undefined;
  /** arp_ignore=1 and arp_announce=2 on the real servers. */
  readonly arpSuppression: boolean;
  /** The tunnel device is up (tunnel only). */
  readonly tunnelUp: boolean;
  /** ip6tnl0 keeps the mode that it has at first, in which it takes IPv6 alone. */
  readonly tunnelMode?: 'default' | undefined;
  /** The director translates with netfilter what is for the service, in turn, before IPVS sees any of it (masq only). */
  readonly netfilterInstead?: boolean | undefined;
  /** GRE with checksums arrives at the fallback device, which takes none. */
  readonly greDevice?: 'fallback' | undefined;
  /** What the director does with ICMP errors that tell of an MTU and come to it; undefined for what Linux does. */
  readonly errors?: 'dropped' | undefined;
  /** rp_filter on `all` and on the tunnel device of the real servers. */
  readonly rpFilter: 0 | 1;
  /**
   * The real servers' default gateway: a node on their network, `none` for a route to the director's network and
   * no default route; undefined leaves the topology's.
   */
  readonly gateway?: string | undefined;
}

/** A real server of a service, as the method sees it. */
export interface MethodServer {
  readonly node: string;
  readonly forward: Forward;
  /** Only with `forward: 'tunnel'`; default ipip. */
  readonly tunnel?: TunnelType | undefined;
  /** Of its own address, where that is not the VIP's. */
  readonly family?: Family | undefined;
}

/**
 * What the director needs for the service: a script for `sh -e`. The VIP on the interface of its network, forwarding for
 * masq, vs.conntrack, SNAT for full NAT, marks (the first of `marked` is at the VIP), then the services in one go.
 */
export function directorScript(
  topology: Topology,
  director: string,
  service: VirtualService,
  setup: Setup,
  marked?: Marked,
): string {
  const {key} = service;
  const address = key.kind === 'address' ? key.address : marked?.destinations[0]?.address;
  if (address === undefined)
    throw new InputError({
      what: 'a service of a firewall mark has no VIP to set up',
      value: key.kind === 'fwmark' ? String(key.mark) : '',
      next: 'say what gets the mark, or give the service an address and port',
    });
  const vip = addressOf(address);
  const masquerades = service.realServers.some(({forward}) => forward === 'masq');
  const forwarding = vip.family === 'v4' ? 'net/ipv4/ip_forward' : 'net/ipv6/conf/all/forwarding';
  const tables = vip.family === 'v4' ? 'iptables' : 'ip6tables';
  return lines([
    'set -e',
    addAddress(vip, vipDevice(topology, director, vip)),
    ...(masquerades ? [sysctl(forwarding, 1)] : []),
    // 0 is the kernel's default, and a kernel without CONFIG_IP_VS_NFCT has no such sysctl.
    ...(setup.conntrack === 1 ? [sysctl('net/ipv4/vs/conntrack', 1)] : []),
    ...(setup.sourceNat
      ? [
          `${tables} -t nat -A POSTROUTING -m ipvs --vaddr ${vip.text}${key.kind === 'address' ? ` --vport ${key.port}` : ''} -j MASQUERADE`,
        ]
      : []),
    ...(setup.errors === 'dropped'
      ? [
          vip.family === 'v4'
            ? 'iptables -A INPUT -p icmp --icmp-type fragmentation-needed -j DROP'
            : 'ip6tables -A INPUT -p icmpv6 --icmpv6-type packet-too-big -j DROP',
        ]
      : []),
    ...(marked === undefined ? [] : [markScript(marked)]),
    ...(setup.netfilterInstead === true ? translations(service, tables) : []),
    restoreScript(renderServices([service])),
  ]);
}

/** The n-th of the real servers that are left gets each n-th connection of those that are left (iptables-extensions(8)). */
function translations({key, realServers}: VirtualService, tables: string): readonly string[] {
  if (key.kind !== 'address') return [];
  const {protocol, address, port} = key;
  const rule = `${tables} -t nat -A PREROUTING -d ${addressOf(address).text} -p ${protocol} --dport ${port}`;
  return realServers.map((server, i) => {
    const left = realServers.length - i;
    const share = left === 1 ? '' : ` -m statistic --mode nth --every ${left} --packet 0`;
    const destination = formatEndpoint({...server, address: addressOf(server.address).text});
    return `${rule}${share} -j DNAT --to-destination ${destination}`;
  });
}

/** Gives a client the addresses that it sends from beyond its own, on its first interface: a script for `sh -e`. */
export function clientScript(
  topology: Topology,
  client: string,
  addresses: readonly string[],
): string {
  const device = plain(nodeByName(topology, client).interfaces[0]?.name ?? '');
  return lines(['set -e', ...addresses.map(text => addAddress(addressOf(text), device))]);
}

/**
 * What a real server needs for the method: a script for `sh -e`. droute: the VIP on lo, silent in ARP before it is
 * there; tunnel: its device up, the VIP, rp_filter; masq: the way back. `vip` is an address.
 */
export function realServerScript(
  topology: Topology,
  director: string,
  {node: name, forward, tunnel = {type: 'ipip'}, family}: MethodServer,
  vip: string,
  setup: Setup,
): string {
  const address = addressOf(vip);
  const node = nodeByName(topology, name);
  const route = gatewayLines(topology, node, nodeByName(topology, director), setup, address.family);
  const lan = plain(node.interfaces[0]?.name ?? '');
  const vipOn = (device: string) =>
    setup.vipOnRealServer ? [addAddress(address, setup.vipOn === 'lan' ? lan : device)] : [];
  // IPv6 answers neighbour solicitations only for addresses of the asked interface (ndisc_recv_ns): no knob is needed.
  const silence =
    setup.arpSuppression && address.family === 'v4'
      ? [sysctl('net/ipv4/conf/all/arp_ignore', 1), sysctl('net/ipv4/conf/all/arp_announce', 2)]
      : [];
  if (forward === 'masq') return lines(['set -e', ...route]);
  if (forward === 'droute') return lines(['set -e', ...route, ...silence, ...vipOn('lo')]);
  const families = {inner: address.family, outer: family ?? address.family};
  const {device, holdsVip, mode, open} = tunnelOn(receivedTunnel(tunnel, setup), families);
  const rip = addressOf(node.interfaces[0]?.address[families.outer] ?? '').text;
  return lines([
    'set -e',
    ...route,
    ...silence,
    ...(setup.tunnelMode === 'default' ? [] : mode),
    ...open(rip),
    // Packets come out as they were wrapped, not joined to larger ones.
    `ethtool -K ${device} gro off >/dev/null`,
    ...(setup.tunnelUp ? [`ip link set ${device} up`] : []),
    ...vipOn(holdsVip),
    sysctl('net/ipv4/conf/all/rp_filter', setup.rpFilter),
    sysctl(`net/ipv4/conf/${device}/rp_filter`, setup.rpFilter),
  ]);
}

function gatewayLines(
  topology: Topology,
  node: Node,
  director: Node,
  {gateway}: Setup,
  family: Family,
): readonly string[] {
  const ip = family === 'v4' ? 'ip -4' : 'ip -6';
  if (gateway === undefined) return [];
  if (gateway !== 'none') {
    const via = gatewayBetween(node, nodeByName(topology, gateway), family);
    if (via === undefined)
      throw new InputError({
        what: `node "${node.name}" cannot have this default gateway: they share no network`,
        value: gateway,
        next: `name a node on a network of ${node.name}, or none`,
      });
    return [`${ip} route replace default via ${addressOf(via).text}`];
  }
  const old = node.routes.find(route => route.to === 'default' && route.family === family)?.via;
  if (old === undefined) return [];
  const shared = sharedNetworks(node, director);
  const remote = director.interfaces
    .filter(({network}) => !shared.includes(network))
    .flatMap(({network}) => networkByName(topology, network)?.prefix[family] ?? []);
  return [
    ...remote.map(prefix => `${ip} route replace ${plain(prefix)} via ${addressOf(old).text}`),
    `${ip} route del default`,
  ];
}

function vipDevice(topology: Topology, director: string, vip: Address): string {
  const network = networkOfAddress(topology, vip.text);
  const link =
    network === undefined ? undefined : interfaceOn(nodeByName(topology, director), network.name);
  if (link !== undefined) return plain(link.name);
  throw new InputError({
    what: `node "${director}" cannot hold the VIP: it has no interface on the VIP's network`,
    value: `${vip.text}${network === undefined ? '' : ` on ${network.name}`}`,
    next: 'choose a VIP on a network of the director',
  });
}

/**
 * Host length, so that no route to the network comes with it. In IPv6 without duplicate address detection, so that it
 * serves at once, and deprecated (RFC 6724, rule 3): else the kernel takes the VIP, as the address of the best match, for
 * the source of tunnels and SNAT, and a real server drops what comes from an address that it holds itself.
 */
const addAddress = ({family, text}: Address, device: string): string =>
  family === 'v4'
    ? `ip addr add ${text}/32 dev ${device}`
    : `ip addr add ${text}/128 dev ${device} nodad preferred_lft 0`;

const sysctl = (path: string, value: number): string => `echo ${value} >/proc/sys/${path}`;

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;

/** A device or prefix of a topology that was checked when it was loaded; one that was not stays out of scripts. */
function plain(text: string): string {
  if (/^[0-9a-z.:/-]+$/i.test(text)) return text;
  throw new InputError({
    what: 'not an interface or prefix',
    value: text,
    next: 'use a topology that `lvslab validate` accepts',
  });
}
