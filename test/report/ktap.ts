import test from 'ava';
import {ktapReport} from '../../src/report/ktap.ts';
import type {RunReport} from '../../src/report/types.ts';
import {broken, failed, inconclusive, passed, reportOf, skipped} from './support/results.ts';

const prints = test.macro((t, reports: readonly RunReport[], text: string) => {
  t.is(ktapReport(reports), text);
});

test(
  'a lab that passed has its checks and claims as subtests',
  prints,
  [reportOf('6.1.0-56', passed)],
  `KTAP version 1
1..1
  KTAP version 1
  # Subtest: modes/dr
  1..4
  ok 1 request.1: request, hop 1: client > router
  ok 2 kernel: no oops
  ok 3 claim DR1
  ok 4 claim DR6 # SKIP only its counter-labs show it, and they were not run
ok 1 modes/dr
`,
);

test(
  'a lab that failed tells each failure before its result, the kernel log included',
  prints,
  [reportOf('6.1.0-56', failed)],
  `KTAP version 1
1..1
  KTAP version 1
  # Subtest: modes/dr
  1..5
  # FAIL  modes/dr  request, hop 1: client > router
  #       ip.dst   expected VIP 198.51.100.80   actual RIP1 198.51.100.21    frame 14, director eth1
  #       expected  CIP > VIP
  #       actual    CIP > RIP1
  #       likely    masq, not droute
  not ok 1 request.1: request, hop 1: client > router
  # FAIL  modes/dr  no oops
  #       kernel log   expected no trouble   actual BUG: <bad> & "worse" #1\\x1b[31m    kernel 6.1.0-56
  #       and 2 more
  not ok 2 kernel: no oops
  # request, hop 1: client > router; counter-lab: ARP & all
  not ok 3 claim DR1
  ok 4 counter-lab DR3: behind a router
  # should have failed, but: PASS
  not ok 5 counter-lab DR1: ARP & all
not ok 1 modes/dr
`,
);

test(
  'a lab that was skipped, one that broke and one that was not seen whole say why',
  prints,
  [reportOf('6.1.0-56', skipped, broken, inconclusive)],
  `KTAP version 1
1..3
ok 1 modes/tun # SKIP kernel 6.1.0-56 has no tunnel device tunl0
# the guest died
#   next   try again
not ok 2 modes/nat # ERROR the guest died
  KTAP version 1
  # Subtest: modes/dr
  1..2
  # INCONCLUSIVE  modes/dr  request, hop 1: client > router
  not ok 1 request.1: request, hop 1: client > router # ERROR inconclusive: rs1 eth0: 3 packets dropped by kernel
  # request, hop 1: client > router
  not ok 2 claim DR1 # ERROR inconclusive: request, hop 1: client > router
not ok 3 modes/dr # ERROR inconclusive: rs1 eth0: 3 packets dropped by kernel
`,
);

test(
  'of several kernels each is a test with its labs as subtests',
  prints,
  [reportOf('6.1', {...passed, judgement: undefined}), reportOf('7.3', skipped)],
  `KTAP version 1
1..2
  KTAP version 1
  # Subtest: kernel 6.1
  1..1
  ok 1 modes/dr
ok 1 kernel 6.1
  KTAP version 1
  # Subtest: kernel 7.3
  1..1
  ok 1 modes/tun # SKIP kernel 6.1.0-56 has no tunnel device tunl0
ok 2 kernel 7.3 # SKIP kernel 6.1.0-56 has no tunnel device tunl0
`,
);

test('a name cannot begin a directive, nor a reason a line', t => {
  const lab = {...skipped, name: 'a # SKIP b', error: 'one\u001b[2J\rok 9 two'};
  t.is(
    ktapReport([reportOf('6.1', lab)]),
    'KTAP version 1\n1..1\nok 1 a  SKIP b # SKIP one [2J ok 9 two\n',
  );
});
