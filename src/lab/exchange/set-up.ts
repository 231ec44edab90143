import {captureFolder} from '../../capture/script.ts';
import {canonical} from '../../topology/ip.ts';
import {interfaceOn, networkOfAddress, nodesOfRole} from '../../topology/names.ts';
import type {Family, Interface, Node, Topology} from '../../topology/types.ts';
import {sendScript, startWire} from '../../traffic/frames.ts';
import {build} from '../../wire/build.ts';
import type {Timeouts} from './types.ts';

/**
 * What makes a topology ready for packets that only the script sends: each node knows its neighbours for good, so that
 * nobody asks for them; clients and real servers hear nothing; bridges know where everybody is; and nobody holds back the
 * errors that it has to send. Node name to a script for `sh`.
 */
export function setUpNodes(
  topology: Topology,
  family: Family,
  names: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const held = heldAddresses(topology, family, names);
  return new Map(
    topology.nodes.map(node => [
      node.name,
      [
        'set -e',
        neighbourScript(node, held),
        ...(isEnd(node) ? [deafScript] : [unlimitedErrors]),
        startWire(captureFolder),
        announceScript(node, family),
      ].join('\n'),
    ]),
  );
}

const isEnd = ({role}: Node): boolean => role === 'client' || role === 'realServer';

/** An address and the interface that answers for it. */
interface Held {
  readonly address: string;
  readonly network: string;
  readonly mac: string;
}

/** All addresses: those of interfaces, the director's virtual ones, and further ones of the client. */
function heldAddresses(
  topology: Topology,
  family: Family,
  names: Readonly<Record<string, string>>,
): readonly Held[] {
  const [director] = nodesOfRole(topology, 'director');
  const [client] = nodesOfRole(topology, 'client');
  const heldBy = (node: Node | undefined, address: string | undefined): Held[] => {
    const network = address === undefined ? undefined : networkOfAddress(topology, address)?.name;
    const link =
      node === undefined || network === undefined ? undefined : interfaceOn(node, network);
    return address === undefined || network === undefined || link === undefined
      ? []
      : [{address, network, mac: link.mac}];
  };
  return [
    ...topology.nodes.flatMap(({interfaces}) =>
      interfaces.flatMap(({address, network, mac}) => {
        const own = address[family];
        return own === undefined ? [] : [{address: own, network, mac}];
      }),
    ),
    ...topology.addresses.flatMap(({address}) => heldBy(director, address[family])),
    ...Object.values(names).flatMap(address => heldBy(client, canonical(address))),
  ];
}

function neighbourScript({interfaces}: Node, held: readonly Held[]): string {
  const lines = interfaces.flatMap(link =>
    held
      .filter(({network, mac}) => network === link.network && mac !== link.mac)
      .map(
        ({address, mac}) => `neigh replace ${address} lladdr ${mac} dev ${link.name} nud permanent`,
      ),
  );
  return ["ip -batch - <<'LVSLAB'", ...lines, 'LVSLAB'].join('\n');
}

/** Before all else that netfilter does, conntrack included; ARP does not pass here, and captures see everything still. */
const deafScript = [
  "nft -f - <<'LVSLAB'",
  'table inet lvslab {',
  '  chain deaf {',
  '    type filter hook prerouting priority -400; policy drop;',
  '    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
  '  }',
  '}',
  'LVSLAB',
].join('\n');

/** ICMP errors are limited by default to one a second and receiver (icmp(7), ip-sysctl.rst). */
const unlimitedErrors = [
  'for limit in /proc/sys/net/ipv4/icmp_ratemask /proc/sys/net/ipv6/icmp/ratelimit; do',
  '  [ ! -e $limit ] || echo 0 >$limit',
  'done',
].join('\n');

/** A bridge learns from any frame where its sender is, and then gives nobody else what is for it. */
const announceScript = (node: Node, family: Family): string =>
  sendScript(node.interfaces.map(link => ({device: link.name, hex: announcement(link, family)})));

function announcement({mac, address}: Interface, family: Family): string {
  const own = (family === 'v4' ? address.v4 : undefined) ?? '0.0.0.0';
  const frame = build([
    {kind: 'ethernet', source: mac, destination: 'ff:ff:ff:ff:ff:ff'},
    {
      kind: 'arp',
      operation: 1,
      senderMac: mac,
      senderIp: own,
      targetMac: '00:00:00:00:00:00',
      targetIp: own,
    },
  ]);
  return Buffer.from(frame).toString('hex');
}

/** A script that shows sysctls as `name = value`, a line each. */
export const showScript = (sysctls: readonly string[]): string =>
  sysctls
    .filter(name => /^net(\.[A-Za-z0-9_-]+)+$/.test(name))
    .map(name => `printf '%s = %s\\n' ${name} "$(cat /proc/sys/${name.replaceAll('.', '/')})"`)
    .join('\n');

/** Takes IPIP from anywhere: rp_filter would drop what did not come the way that an answer goes. */
export const tunnelEndScript = [
  'ip link set tunl0 up',
  'for filter in all tunl0; do echo 0 >/proc/sys/net/ipv4/conf/$filter/rp_filter; done',
].join('\n');

/** Timeouts of all connections of the director: ipvsadm(8), --set. */
export function timeoutScript({tcp = 0, tcpfin = 0, udp = 0}: Timeouts): string {
  return tcp + tcpfin + udp === 0
    ? ''
    : `ipvsadm --set ${[tcp, tcpfin, udp].map(seconds => Math.trunc(seconds)).join(' ')}`;
}
