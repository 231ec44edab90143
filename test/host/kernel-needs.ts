import test from 'ava';
import {capabilities, capabilityNames, schedulers} from '../../src/host/capabilities.ts';
import {isKernelNeed, lacking, type KernelNeed} from '../../src/host/kernel-needs.ts';

const kernel = {
  release: '6.1.0-56',
  has: capabilityNames.filter(name => name !== 'scheduler-twos' && name !== 'ipvs-sctp'),
  sysctls: ['net.ipv4.vs.pmtu_disc'],
};

const lacks = test.macro((t, needs: readonly KernelNeed[], expected: string | undefined) => {
  t.is(lacking(kernel, needs), expected);
});
test('nothing is needed', lacks, [], undefined);
test('all that is needed is there', lacks, ['ipvs', 'mark', 'net.ipv4.vs.pmtu_disc'], undefined);
test(
  'a scheduler lacks, and another thing: the first is told',
  lacks,
  ['ipvs', 'scheduler-twos', 'ipvs-sctp'],
  'kernel 6.1.0-56 has no scheduler "twos" (CONFIG_IP_VS_TWOS, module ip_vs_twos)',
);
test(
  'a protocol of IPVS lacks',
  lacks,
  ['ipvs-sctp'],
  'kernel 6.1.0-56 has no SCTP in IPVS (CONFIG_IP_VS_PROTO_SCTP)',
);
test(
  'a sysctl lacks that an option brings',
  lacks,
  ['net.ipv4.vs.conntrack'],
  'kernel 6.1.0-56 has no sysctl net.ipv4.vs.conntrack (CONFIG_IP_VS_NFCT)',
);
test(
  'a sysctl lacks that came with a version',
  lacks,
  ['net.ipv4.vs.est_nice'],
  'kernel 6.1.0-56 has no sysctl net.ipv4.vs.est_nice',
);

test('every lack names the option or the version that brings it', t => {
  for (const {name, words} of capabilities)
    t.regex(words, /\((CONFIG_[A-Z0-9_]+|Linux \d\.\d+)[,)]/, name);
});

test('each capability has a name of its own, and each scheduler is one', t => {
  t.is(new Set(capabilityNames).size, capabilityNames.length);
  t.is(schedulers.length, 14);
  for (const name of schedulers) t.true(isKernelNeed(`scheduler-${name}`), name);
});

test('needs are capabilities and sysctls of IPVS', t => {
  t.true(isKernelNeed('net.ipv4.vs.est_nice'));
  for (const text of ['', 'ipvs ', 'scheduler-foo', 'net.ipv4.ip_forward', 'net.ipv4.vs.', 'fuo'])
    t.false(isKernelNeed(text), text);
});
