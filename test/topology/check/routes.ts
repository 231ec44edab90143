import test from 'ava';
import {fails} from '../support/fails.ts';

test(
  'a gateway that is not on-link is refused',
  fails,
  [['{to: default, via: 198.51.100.1}', '{to: default, via: 192.0.2.1}']],
  `
sample.yaml:32:28: the gateway is on no network of the node: via of node "rs1", route 1
  got    192.0.2.1
  valid  198.51.100.0/24
  next   choose the address of a neighbour on a network of the node
`,
);

test(
  'a gateway of a family that the node has not is refused',
  fails,
  [['v4: 192.0.2.10, v6: 2001:db8:1::10', 'v4: 192.0.2.10']],
  `
sample.yaml:15:36: the node has no IPv6 address: via of node "client", route 2
  got    2001:db8:1::1
  next   choose the address of a neighbour on a network of the node
`,
);

test(
  'a gateway that is the node itself is refused',
  fails,
  [['{to: default, via: 198.51.100.1}', '{to: default, via: 198.51.100.21}']],
  `
sample.yaml:32:28: the gateway is the node itself: via of node "rs1", route 1
  got    198.51.100.21
  next   choose the address of a neighbour on a network of the node
`,
);

test(
  'a gateway that is no address is refused',
  fails,
  [['{to: default, via: 198.51.100.1}', '{to: default, via: router}']],
  `
sample.yaml:32:28: not an address: via of node "rs1", route 1
  got    router
  next   write an IPv4 or IPv6 address without prefix length
`,
);

test(
  'a route of two families is refused',
  fails,
  [['{to: 2001:db8:2::/64, via: 2001:db8:1::1}', '{to: 2001:db8:2::/64, via: 192.0.2.1}']],
  `
sample.yaml:15:36: IPv4 gateway for an IPv6 destination: via of node "client", route 2
  got    192.0.2.1
  next   give an IPv6 gateway
`,
);

test(
  'a route to nothing known is refused',
  fails,
  [['{to: default, via: 198.51.100.1}', '{to: defalt, via: 198.51.100.1}']],
  `
sample.yaml:32:14: not a prefix: to of node "rs1", route 1
  got    defalt
  valid  default, a prefix in CIDR form
  next   did you mean default?
`,
);

test(
  'a route to a prefix with host bits set is refused',
  fails,
  [['{to: default, via: 198.51.100.1}', '{to: 192.0.2.9/24, via: 198.51.100.1}']],
  `
sample.yaml:32:14: host bits are set in a prefix: to of node "rs1", route 1
  got    192.0.2.9/24
  valid  192.0.2.0/24
  next   write 192.0.2.0/24
`,
);

test(
  'two routes to one destination is refused',
  fails,
  [
    [
      '- {to: default, via: 198.51.100.1}',
      '- {to: default, via: 198.51.100.1}\n      - {to: default, via: 198.51.100.2}',
    ],
  ],
  `
sample.yaml:33:14: duplicate IPv4 destination: to of node "rs1", route 2
  got    default
  next   keep one route to each destination
`,
);
