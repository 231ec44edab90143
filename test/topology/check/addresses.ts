import test from 'ava';
import {fails} from '../support/fails.ts';

test(
  'an unknown network of an interface is refused',
  fails,
  [['{network: lan, names: [RTR]', '{network: lann, names: [RTR]']],
  `
sample.yaml:20:23: unknown network in node "router", interface eth1
  got    lann
  valid  outer, lan
  next   did you mean lan?
`,
);

test(
  'a network named as something that JavaScript objects have is refused',
  fails,
  [['{network: lan, names: [RTR]', '{network: constructor, names: [RTR]']],
  `
sample.yaml:20:23: unknown network in node "router", interface eth1
  got    constructor
  valid  outer, lan
  next   add it to networks
`,
);

test(
  'an unknown network of an address is refused',
  fails,
  [['VIP: {network: lan', 'VIP: {network: elsewhere']],
  `
sample.yaml:7:18: unknown network in address "VIP"
  got    elsewhere
  valid  outer, lan
  next   add it to networks
`,
);

test(
  'octets with leading zeros is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 010.0.0.1']],
  `
sample.yaml:12:34: not an IPv4 address: v4 of node "client", interface eth0
  got    010.0.0.1
  next   write it in full, without leading zeros or a zone
`,
);

test(
  'an address with a prefix length is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 192.0.2.10/24']],
  `
sample.yaml:12:34: not an IPv4 address: v4 of node "client", interface eth0
  got    192.0.2.10/24
  next   leave out the prefix length: the network has it
`,
);

test(
  'an IPv6 address as v4 is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 2001:db8:1::9']],
  `
sample.yaml:12:34: not an IPv4 address: v4 of node "client", interface eth0
  got    2001:db8:1::9
  next   write it in full, without leading zeros or a zone
`,
);

test(
  'an address with a zone is refused',
  fails,
  [['v6: 2001:db8:1::10', 'v6: fe80::1%eth0']],
  `
sample.yaml:12:50: not an IPv6 address: v6 of node "client", interface eth0
  got    fe80::1%eth0
  next   write it in full, without leading zeros or a zone
`,
);

test(
  'an address outside its prefix is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 198.51.100.10']],
  `
sample.yaml:12:34: address outside network "outer": v4 of node "client", interface eth0
  got    198.51.100.10
  valid  192.0.2.0/24
  next   choose an address in the prefix
`,
);

test(
  'an IPv6 address outside its prefix is refused',
  fails,
  [['v6: 2001:db8:2::80', 'v6: 2001:db8:3::80']],
  `
sample.yaml:7:46: address outside network "lan": v6 of address "VIP"
  got    2001:db8:3::80
  valid  2001:db8:2::/64
  next   choose an address in the prefix
`,
);

test(
  'the address of the network itself is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 192.0.2.0']],
  `
sample.yaml:12:34: address of the network "outer" itself: v4 of node "client", interface eth0
  got    192.0.2.0
  next   choose another address in the prefix
`,
);

test(
  'the subnet-router anycast address is refused',
  fails,
  [['v6: 2001:db8:1::10', '"v6": "2001:db8:1::"']],
  `
sample.yaml:12:52: address of the network "outer" itself: v6 of node "client", interface eth0
  got    "2001:db8:1::"
  next   choose another address: this one is the subnet-router anycast address
`,
);

test(
  'the broadcast address is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 192.0.2.255']],
  `
sample.yaml:12:34: broadcast address of network "outer": v4 of node "client", interface eth0
  got    192.0.2.255
  next   choose another address in the prefix
`,
);

test(
  'an address of a family that the network has not is refused',
  fails,
  [['outer: {v4: 192.0.2.0/24, v6: 2001:db8:1::/64}', 'outer: {v4: 192.0.2.0/24}']],
  `
sample.yaml:12:50: network "outer" has no IPv6 prefix: v6 of node "client", interface eth0
  got    2001:db8:1::10
  next   add v6 to the network, or remove this address
sample.yaml:19:49: network "outer" has no IPv6 prefix: v6 of node "router", interface eth0
  got    2001:db8:1::1
  next   add v6 to the network, or remove this address
`,
);

test(
  'an interface without an address is refused',
  fails,
  [
    ['{network: outer, v4: 192.0.2.10, v6: 2001:db8:1::10}', '{network: outer}'],
    [
      '    routes:\n      - {to: default, via: 192.0.2.1}\n      - {to: 2001:db8:2::/64, via: 2001:db8:1::1}\n',
      '',
    ],
  ],
  `
sample.yaml:12:7: node "client", interface eth0 has no address
  next   give it v4, v6 or both
`,
);

test(
  'a duplicate address of two nodes is refused',
  fails,
  [['v4: 192.0.2.10', 'v4: 192.0.2.1']],
  `
sample.yaml:14:28: the gateway is the node itself: via of node "client", route 1
  got    192.0.2.1
  next   choose the address of a neighbour on a network of the node
sample.yaml:19:34: duplicate address, which node "client", interface eth0 has: v4 of node "router", interface eth0
  got    192.0.2.1
  next   give each of them an address of its own
`,
);

test(
  'a duplicate address of a node and a VIP is refused',
  fails,
  [['v4: 198.51.100.21', 'v4: 198.51.100.80']],
  `
sample.yaml:30:32: duplicate address, which address "VIP" has: v4 of node "rs1", interface eth0
  got    198.51.100.80
  next   give each of them an address of its own
`,
);

test(
  'a duplicate IPv6 address, written in another way is refused',
  fails,
  [['v6: 2001:DB8:2:0:0::21', 'v6: 2001:0DB8:2:0::0:80']],
  `
sample.yaml:30:51: duplicate address, which address "VIP" has: v6 of node "rs1", interface eth0
  got    2001:0DB8:2:0::0:80
  next   give each of them an address of its own
`,
);
