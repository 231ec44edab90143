import {execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {parseProbe} from '../../src/host/kernel-facts.ts';
import {lacking} from '../../src/host/kernel-needs.ts';
import {probeScript} from '../../src/host/kernel-probe.ts';
import type {KernelFacts} from '../../src/host/types.ts';

/** What a kernel makes ipvsadm print; the other tools succeed or fail as a whole. */
interface FakeKernel {
  readonly services: readonly string[];
  readonly entries: readonly string[];
  readonly failing: readonly string[];
}

/** Runs the probe with stand-ins for every tool that asks the kernel: nothing of this machine is asked or changed. */
function probed({services, entries, failing}: FakeKernel): KernelFacts {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-probe-'));
  try {
    const tool = (name: string, script: string): void => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    };
    for (const name of ['ip', 'perl', 'nft', 'iptables', 'ip6tables'])
      tool(name, failing.includes(name) ? 'exit 1' : 'exit 0');
    tool('uname', 'echo 6.99.0');
    tool(
      'ipvsadm',
      `case $1 in
      -Sn) printf '%s\\n' ${services.map(line => `'${line}'`).join(' ')};;
      -Lnc) printf '%s\\n' ${entries.map(line => `'${line}'`).join(' ')};;
      -R) while read -r line; do :; done; exit 1;;
      *) exit ${failing.includes('ipvsadm') ? 1 : 0};;
      esac`,
    );
    for (const name of ['tr', 'grep', 'sh'])
      symlinkSync(
        execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim(),
        join(folder, name),
      );
    return parseProbe(
      execFileSync('/bin/sh', ['-c', probeScript], {env: {PATH: folder}, encoding: 'utf8'}),
    );
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const listing = [
  '-A -t 192.0.2.3:5 -s fo',
  '-A -t 192.0.2.3:8 -s lblcr',
  '-A -t 192.0.2.3:80 -s none',
  '-a -t 192.0.2.3:80 -r 192.0.2.4:80 -i -w 1 --tun-type gre',
  '-a -t 192.0.2.3:80 -r 192.0.2.5:80 -i -w 1',
];
const connections = [
  'IPVS connection entries',
  'pro expire state       source             virtual            destination',
  'TCP 01:00  SYN_RECV    192.0.2.1:1234     192.0.2.1:80       192.0.2.2:80',
  'SCTP 00:30  INIT1      192.0.2.1:1234     192.0.2.1:80       192.0.2.2:80',
];

test('the kernel has what it lists as it was asked for, and entries for the protocols that it schedules', t => {
  const {release, has} = probed({services: listing, entries: connections, failing: ['iptables']});
  t.is(release, '6.99.0');
  t.deepEqual(
    has.filter(name => /^(scheduler-|ipvs)/.test(name) && !/nfct|ftp/.test(name)),
    ['scheduler-fo', 'scheduler-lblcr', 'ipvs', 'ipvs-tcp', 'ipvs-sctp', 'ipvs-gre'],
  );
  t.deepEqual(
    has.filter(name => /^(nf|match|mark|masq|fou|sctp)/.test(name)),
    ['fou', 'fou6', 'nf-tables', 'masquerade6', 'sctp'],
  );
});

test('a kernel without IPVS has none of it', t => {
  const {has} = probed({services: [], entries: [], failing: ['ipvsadm', 'ip', 'nft', 'perl']});
  t.deepEqual(
    has.filter(name => /^(scheduler-|ipvs$|ipvs-(tcp|udp|sctp|ipv6|g)|fou|nf|sctp)/.test(name)),
    [],
  );
});

test('a kernel that was built without CONFIG_IP_VS_NFCT lacks that alone', t => {
  const kernel = parseProbe(
    'release 6.99.0\nhas ipvs\nhas scheduler-rr\nhas ipvs-tcp\nsysctl net.ipv4.vs.pmtu_disc\n',
  );
  t.is(lacking(kernel, ['ipvs', 'scheduler-rr', 'ipvs-tcp']), undefined);
  const expected = /^kernel 6\.99\.0 has no .*net\.ipv4\.vs\.conntrack \(CONFIG_IP_VS_NFCT\)$/;
  t.regex(lacking(kernel, ['ipvs', 'ipvs-nfct']) ?? '', expected);
  t.regex(lacking(kernel, ['net.ipv4.vs.conntrack']) ?? '', expected);
});
