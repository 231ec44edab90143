import type {Family} from '../../src/topology/types.ts';
import {linkOf, topologyOf, tunnels, type Mode} from './legs.ts';
import {Rig} from './rig.ts';

/** A good run: `connections` of them in turn over rs1 and rs2, and all that nodes say of themselves. */
export function goodRun(
  mode: Mode,
  family: Family = 'v4',
  protocol: 'tcp' | 'udp' = 'tcp',
  connections = 4,
  outer: Family = family,
): Rig {
  const rig = new Rig(mode, family, protocol, topologyOf[mode], outer);
  const gateway = rig.mode === 'nat' ? 'director' : 'router';
  for (const node of ['rs1', 'rs2'] as const) {
    const {network, receiver} = linkOf(rig.topology, node, gateway);
    const via = receiver.address[family] ?? '';
    const lan = rig.topology.networks.find(({name}) => name === network)?.prefix[family];
    const onward =
      rig.mode === 'fullnat'
        ? family === 'v4'
          ? '198.51.100.0/24'
          : '2001:db8:2::/64'
        : 'default';
    rig.append(node, 'ip-route', `${onward} via ${via} dev eth0\n${lan} dev eth0 scope link\n`);
    rig.append(
      node,
      'ip-addr',
      `2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n9: ${rig.device}@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n    inet ${rig.address('VIP')}/32 scope global ${rig.device}\n`,
    );
    rig.append(node, 'nstat', 'TcpExtIPReversePathFilter       0                  0.0\n');
  }
  const method = mode === 'dr' ? 'Route' : tunnels.includes(mode) ? 'Tunnel' : 'Masq';
  rig.append(
    'director',
    'ipvsadm-Ln',
    `TCP  ${rig.address('VIP')}:80 rr\n  -> ${rig.address('RIP1')}:80 ${method}    1      0          2\n`,
  );
  rig.append(
    'director',
    'ipvsadm-Lnc',
    'IPVS connection entries\npro expire state       source             virtual            destination\n',
  );
  rig.append('director', 'sysctl', 'net.ipv4.vs.secure_tcp = 0\n');
  rig.resolve();
  for (let i = 0; i < connections; i++) {
    const server = i % 2 === 0 ? 'rs1' : 'rs2';
    if (protocol === 'tcp') rig.connect(server, 40_000 + i);
    else rig.exchange(server, 40_000 + i, 50 + i);
  }
  return rig;
}

/** A good run as short as the mode's lab allows: full NAT's facts need a connection to each real server. */
export const smallRun = (mode: Mode): Rig => goodRun(mode, 'v4', 'tcp', mode === 'fullnat' ? 2 : 1);
