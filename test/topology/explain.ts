import test from 'ava';
import {fails} from './support/fails.ts';

test(
  'an unknown key at the top is refused',
  fails,
  [['networks:', 'nettworks: {}\nnetworks:']],
  `
sample.yaml:3:1: unknown key in the topology
  got    nettworks
  valid  name, description, networks, addresses, nodes
  next   did you mean networks?
`,
);

test(
  'an unknown key of a network is refused',
  fails,
  [['mtu: 1400', 'mtuu: 1400']],
  `
sample.yaml:5:51: unknown key in network "lan"
  got    mtuu
  valid  v4, v6, mtu
  next   did you mean mtu?
`,
);

test(
  'an unknown key of an address is refused',
  fails,
  [['VIP: {network: lan,', 'VIP: {network: lan, names: [X],']],
  `
sample.yaml:7:23: unknown key in address "VIP"
  got    names
  valid  network, v4, v6
  next   remove it, or use one of the valid keys
`,
);

test(
  'an unknown key of a node is refused',
  fails,
  [['    sysctls:', '    sysctl:']],
  `
sample.yaml:21:5: unknown key in node "router"
  got    sysctl
  valid  role, interfaces, routes, services, sysctls
  next   did you mean sysctls?
`,
);

test(
  'an unknown key of an interface is refused',
  fails,
  [['names: [RTR]', 'name: RTR']],
  `
sample.yaml:20:28: unknown key in node "router", interface eth1
  got    name
  valid  network, names, v4, v6
  next   did you mean names?
`,
);

test(
  'an unknown key of a route is refused',
  fails,
  [['{to: default, via: 198.51.100.1}', '{to: default, via: 198.51.100.1, dev: eth0}']],
  `
sample.yaml:32:42: unknown key in node "rs1", route 1
  got    dev
  valid  to, via
  next   remove it, or use one of the valid keys
`,
);

test(
  'an unknown key of a service is refused',
  fails,
  [['{http: 8080}', '{https: 8080}']],
  `
sample.yaml:33:29: unknown key in node "rs1", service 2
  got    https
  valid  http
  next   did you mean http?
`,
);

test(
  'a merge key, which YAML 1.2 does not have is refused',
  fails,
  [['    role: router', '    <<: {role: router}\n    role: router']],
  `
sample.yaml:17:5: unknown key in node "router"
  got    <<
  valid  role, interfaces, routes, services, sysctls
  next   remove it, or use one of the valid keys
`,
);

test(
  'a text where a number should be is refused',
  fails,
  [['mtu: 1400', 'mtu: big']],
  `
sample.yaml:5:56: mtu in network "lan" must be a whole number
  got    big
  valid  a whole number
  next   write a whole number
`,
);

test(
  'a fraction where a whole number should be is refused',
  fails,
  [['mtu: 1400', 'mtu: 1400.5']],
  `
sample.yaml:5:56: mtu in network "lan" must be a whole number
  got    1400.5
  valid  a whole number
  next   write a whole number
`,
);

test(
  'a number where a text should be is refused',
  fails,
  [['name: sample', 'name: 5']],
  `
sample.yaml:1:7: name in the topology must be a text
  got    5
  valid  a text
  next   write a text
`,
);

test(
  'a list where a map should be is refused',
  fails,
  [
    [
      'networks:\n  outer: {v4: 192.0.2.0/24, v6: 2001:db8:1::/64}\n  lan: {v4: 198.51.100.0/24, v6: 2001:db8:2::/64, mtu: 1400}',
      'networks: [outer, lan]',
    ],
  ],
  `
sample.yaml:3:11: networks in the topology must be a map
  got    a list
  valid  a map
  next   write a map
`,
);

test(
  'a map where a list should be is refused',
  fails,
  [['services: [{http: 80}, {http: 8080}]', 'services: {http: 80}']],
  `
sample.yaml:33:15: services in node "rs1" must be a list
  got    a map
  valid  a list
  next   write a list
`,
);

test(
  'a text where a map should be is refused',
  fails,
  [['eth0: {network: lan, v4: 198.51.100.21, v6: 2001:DB8:2:0:0::21}', 'eth0: lan']],
  `
sample.yaml:30:13: eth0 in node "rs1" must be a map
  got    lan
  valid  a map
  next   write a map
`,
);

test(
  'a truth value as a sysctl is refused',
  fails,
  [['net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward: true']],
  `
sample.yaml:22:28: net.ipv4.ip_forward in node "router" must be a text of one line or a whole number
  got    true
  valid  a text, a whole number
  next   put the value in quotes
`,
);

test(
  'a sysctl of two lines is refused',
  fails,
  [['net.ipv4.ip_forward: 1', 'net.ipv4.ip_forward: "1\\n2"']],
  `
sample.yaml:22:28: bad net.ipv4.ip_forward in node "router"
  got    "1\\n2"
  valid  one line of text
  next   correct it
`,
);

test(
  'a missing role is refused',
  fails,
  [['    role: realServer\n', '']],
  `
sample.yaml:27:3: "role" is missing in node "rs1"
  next   add "role"
`,
);

test(
  'a missing network is refused',
  fails,
  [['{network: lan, names: [RTR],', '{names: [RTR],']],
  `
sample.yaml:20:7: "network" is missing in node "router", interface eth1
  next   add "network"
`,
);

test(
  'a missing name is refused',
  fails,
  [['name: sample\n', '']],
  `
sample.yaml:1:1: "name" is missing in the topology
  next   add "name"
`,
);

test(
  'an unknown role is refused',
  fails,
  [['role: realServer', 'role: realserver2']],
  `
sample.yaml:28:11: unknown role in node "rs1"
  got    realserver2
  valid  client, router, director, realServer
  next   did you mean realServer?
`,
);

test(
  'a role without a value is refused',
  fails,
  [['role: realServer', 'role:']],
  `
sample.yaml:28:5: unknown role in node "rs1"
  got    (nothing)
  valid  client, router, director, realServer
  next   choose one of the valid values
`,
);

test(
  'a bad node name is refused',
  fails,
  [['  rs1:', '  RS_1:']],
  `
sample.yaml:27:3: bad name of a node
  got    RS_1
  valid  a node name is a-z, 0-9 and -, begins with a letter and has at most 20 characters
  next   rename it
`,
);

test(
  'a node name that a shell would run is refused',
  fails,
  [['  rs1:', '  "rs1; reboot":']],
  `
sample.yaml:27:3: bad name of a node
  got    "rs1; reboot"
  valid  a node name is a-z, 0-9 and -, begins with a letter and has at most 20 characters
  next   rename it
`,
);

test(
  'a node name of 21 characters is refused',
  fails,
  [['  rs1:', '  rs1-of-the-lan-number:']],
  `
sample.yaml:27:3: bad name of a node
  got    rs1-of-the-lan-number
  valid  a node name is a-z, 0-9 and -, begins with a letter and has at most 20 characters
  next   rename it
`,
);

test(
  'a bad network name is refused',
  fails,
  [
    ['  outer: {', '  Outer: {'],
    ['network: outer', 'network: Outer'],
    ['network: outer', 'network: Outer'],
  ],
  `
sample.yaml:4:3: bad name of a network
  got    Outer
  valid  a network name is a-z, 0-9 and -, begins with a letter and has at most 20 characters
  next   rename it
`,
);

test(
  'a bad topology name is refused',
  fails,
  [['name: sample', 'name: ../sample']],
  `
sample.yaml:1:7: bad name in the topology
  got    ../sample
  valid  a topology name is a-z, 0-9 and -, begins with a letter and has at most 20 characters
  next   correct it
`,
);

test(
  'a bad address name below addresses is refused',
  fails,
  [['  VIP:', '  vip:']],
  `
sample.yaml:7:3: bad name of an address
  got    vip
  valid  an address name is letters and digits, begins with a capital and has at most 20 characters
  next   rename it
`,
);

test(
  'a bad address name of an interface is refused',
  fails,
  [['names: [RTR]', 'names: [RTR, r-2]']],
  `
sample.yaml:20:41: bad item 2 of names in node "router", interface eth1
  got    r-2
  valid  an address name is letters and digits, begins with a capital and has at most 20 characters
  next   correct it
`,
);

test(
  'a bad interface name is refused',
  fails,
  [['eth1: {', 'wlan0: {']],
  `
sample.yaml:20:7: bad name of an interface in node "router"
  got    wlan0
  valid  interfaces are eth0, eth1 ... in this order
  next   rename it
`,
);

test(
  'a sysctl outside net. is refused',
  fails,
  [['net.ipv4.ip_forward: 1', 'kernel.panic: 1']],
  `
sample.yaml:22:7: bad name of a sysctl in node "router"
  got    kernel.panic
  valid  a sysctl is a name below net., with dots: net.ipv4.ip_forward
  next   rename it
`,
);

test(
  'a sysctl that climbs out is refused',
  fails,
  [['net.ipv4.ip_forward: 1', 'net.ipv4/../../kernel.panic: 1']],
  `
sample.yaml:22:7: bad name of a sysctl in node "router"
  got    net.ipv4/../../kernel.panic
  valid  a sysctl is a name below net., with dots: net.ipv4.ip_forward
  next   rename it
`,
);

test(
  'a port of 0 is refused',
  fails,
  [['{http: 80}', '{http: 0}']],
  `
sample.yaml:33:23: http out of range in node "rs1", service 1
  got    0
  valid  1 to 65535
  next   choose a value in the range
`,
);

test(
  'a port above 65535 is refused',
  fails,
  [['{http: 80}', '{http: 65536}']],
  `
sample.yaml:33:23: http out of range in node "rs1", service 1
  got    65536
  valid  1 to 65535
  next   choose a value in the range
`,
);

test(
  'an mtu that is too small is refused',
  fails,
  [['mtu: 1400', 'mtu: 68']],
  `
sample.yaml:5:56: mtu out of range in network "lan"
  got    68
  valid  576 to 65535
  next   choose a value in the range
`,
);

test(
  'an mtu that is too large is refused',
  fails,
  [['mtu: 1400', 'mtu: 65536']],
  `
sample.yaml:5:56: mtu out of range in network "lan"
  got    65536
  valid  576 to 65535
  next   choose a value in the range
`,
);

test(
  'a node without interfaces is refused',
  fails,
  [
    [
      'interfaces:\n      eth0: {network: lan, names: [DIP, LIP], v4: 198.51.100.2, v6: 2001:db8:2::2}',
      'interfaces: {}',
    ],
  ],
  `
sample.yaml:25:5: interfaces in node "director" must not be empty
  next   add one
`,
);

test(
  'no nodes is refused',
  fails,
  [['nodes:\n  client:', 'nodes: {}\nnodez:\n  client:']],
  `
sample.yaml:8:1: nodes in the topology must not be empty
  next   add one
sample.yaml:9:1: unknown key in the topology
  got    nodez
  valid  name, description, networks, addresses, nodes
  next   did you mean nodes?
`,
);
