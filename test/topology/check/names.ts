import test from 'ava';
import {fails} from '../support/fails.ts';

test(
  'a duplicate address name of two interfaces is refused',
  fails,
  [['names: [RTR]', 'names: [RTR, LIP]']],
  `
sample.yaml:26:41: duplicate name of an address, which node "router", interface eth1 has
  got    LIP
  next   rename one of them
`,
);

test(
  'a duplicate address name of an interface and an address is refused',
  fails,
  [['names: [RTR]', 'names: [VIP]']],
  `
sample.yaml:20:36: duplicate name of an address, which address "VIP" has
  got    VIP
  next   rename one of them
`,
);

test(
  'a reserved address name is refused',
  fails,
  [['names: [RTR]', 'names: [RIP]']],
  `
sample.yaml:20:36: reserved name of an address
  got    RIP
  valid  any but RIP, CPORT, LPORT
  next   number real servers: RIP1, RIP2
`,
);

test(
  'a bound port as an address name is refused',
  fails,
  [['  VIP:', '  CPORT:']],
  `
sample.yaml:7:3: reserved name of an address
  got    CPORT
  valid  any but RIP, CPORT, LPORT
  next   rename it
`,
);
