import test from 'ava';
import {fails} from '../support/fails.ts';

test(
  'host bits set is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.0.2.1/24']],
  `
sample.yaml:4:15: host bits are set in a prefix: v4 of network "outer"
  got    192.0.2.1/24
  valid  192.0.2.0/24
  next   write 192.0.2.0/24
`,
);

test(
  'host bits set in IPv6 is refused',
  fails,
  [['v6: 2001:db8:1::/64', 'v6: 2001:db8:1::5/64']],
  `
sample.yaml:4:33: host bits are set in a prefix: v6 of network "outer"
  got    2001:db8:1::5/64
  valid  2001:db8:1::/64
  next   write 2001:db8:1::/64
`,
);

test(
  'a prefix length out of range is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.0.2.0/33']],
  `
sample.yaml:4:15: bad prefix length in an IPv4 prefix: v4 of network "outer"
  got    192.0.2.0/33
  valid  0 to 32
  next   correct the number after the slash
`,
);

test(
  'a prefix length with a leading zero is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.0.2.0/024']],
  `
sample.yaml:4:15: bad prefix length in an IPv4 prefix: v4 of network "outer"
  got    192.0.2.0/024
  valid  0 to 32
  next   correct the number after the slash
`,
);

test(
  'a prefix too long for hosts is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.0.2.0/31']],
  `
sample.yaml:4:15: bad prefix length for an IPv4 network: v4 of network "outer"
  got    192.0.2.0/31
  valid  8 to 30
  next   correct the number after the slash
`,
);

test(
  'a prefix without length is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.0.2.0']],
  `
sample.yaml:4:15: not a prefix: v4 of network "outer"
  got    192.0.2.0
  next   write ADDRESS/LENGTH: 192.0.2.0/24, 2001:db8::/64
`,
);

test(
  'a prefix with two lengths is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.0.2.0/24/24']],
  `
sample.yaml:4:15: not a prefix: v4 of network "outer"
  got    192.0.2.0/24/24
  next   write ADDRESS/LENGTH: 192.0.2.0/24, 2001:db8::/64
`,
);

test(
  'octets with leading zeros in a prefix is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 192.000.2.0/24']],
  `
sample.yaml:4:15: not a prefix: v4 of network "outer"
  got    192.000.2.0/24
  next   write ADDRESS/LENGTH: 192.0.2.0/24, 2001:db8::/64
`,
);

test(
  'an IPv6 prefix as v4 is refused',
  fails,
  [['{v4: 192.0.2.0/24, v6: 2001:db8:1::/64}', '{v4: 2001:db8:1::/64}']],
  `
sample.yaml:4:15: IPv6 prefix as v4 of network "outer"
  got    2001:db8:1::/64
  next   write it as v6
`,
);

test(
  'a multicast prefix is refused',
  fails,
  [['v4: 192.0.2.0/24', 'v4: 224.0.0.0/24']],
  `
sample.yaml:4:15: no network can have a prefix of the range multicast: v4 of network "outer"
  got    224.0.0.0/24
  next   use a documentation prefix: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32
`,
);

test(
  'a network without prefixes is refused',
  fails,
  [['lan: {v4:', 'spare: {}\n  lan: {v4:']],
  `
sample.yaml:5:3: network "spare" has no prefix
  next   give it v4, v6 or both
`,
);

test(
  'overlapping networks is refused',
  fails,
  [['lan: {v4: 198', 'spare: {v4: 198.51.0.0/16}\n  lan: {v4: 198']],
  `
sample.yaml:6:13: v4 of network "lan" overlaps network "spare"
  got    198.51.100.0/24
  next   give each network a prefix of its own
`,
);

test(
  'overlapping networks in IPv6 is refused',
  fails,
  [['lan: {v4: 198', 'spare: {v6: 2001:db8:1::/56}\n  lan: {v4: 198']],
  `
sample.yaml:5:15: v6 of network "spare" overlaps network "outer"
  got    2001:db8:1::/56
  next   give each network a prefix of its own
`,
);

test(
  'an mtu that is too small for IPv6 is refused',
  fails,
  [['mtu: 1400', 'mtu: 1279']],
  `
sample.yaml:5:56: mtu out of range in network "lan", which has IPv6
  got    1279
  valid  1280 to 65535
  next   choose a value in the range, or remove v6
`,
);
