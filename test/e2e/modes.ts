import {join} from 'node:path';
import test from 'ava';
import {lvslab, runLabs} from './support/cli.ts';
import {countFrames} from './support/tshark.ts';

const modes = ['modes/nat', 'modes/dr', 'modes/tun', 'modes/fullnat'] as const;
type Mode = (typeof modes)[number];
const runs = new Map<string, string>();

test.before(async t => {
  t.timeout(900_000);
  const {report, exitCode, stderr} = await runLabs(['modes', '--counters']);
  t.is(exitCode, 0, stderr);
  t.regex(report.kernel, /^\d+\.\d+/);
  for (const lab of report.labs) {
    t.is(lab.verdict, 'PASS', `${lab.name}: ${stderr}`);
    t.true(lab.claims.length > 0 && lab.claims.every(({verdict}) => verdict === 'PASS'));
    t.is(lab.captures.dropped, 0);
    for (const counter of lab.counters)
      t.true(counter.asExpected, `${lab.name} ${counter.claim}: ${counter.reason}`);
    if (lab.run !== null) runs.set(lab.name, lab.run);
  }
  const counters = report.labs.flatMap(({counters}) => counters.map(({claim}) => claim));
  t.deepEqual([...new Set(counters)].toSorted(), ['DR3', 'DR4', 'DR6', 'FN1', 'NAT3', 'TUN5']);
});

const pcap = (mode: Mode, node: string, device: string): string => {
  const run = runs.get(mode);
  if (run === undefined) throw new Error(`no run of ${mode}`);
  return join(run, 'pcap', `${node}.${device}.pcap`);
};

/** A filter of tshark's, which knows nothing of lvslab's decoder, and whether it must find frames. */
const sees = test.macro({
  async exec(
    t,
    mode: Mode,
    node: string,
    device: string,
    filter: string,
    expected: 'some' | 'none',
  ) {
    const found = await countFrames(pcap(mode, node, device), filter);
    if (expected === 'some') t.true(found > 0, filter);
    else t.is(found, 0, filter);
  },
  title: (title, mode, node, device, filter, expected) =>
    title ?? `tshark finds ${expected} of "${filter}" at ${node} ${device} in ${mode}`,
});

const client = '192.0.2.10';

test(
  sees,
  'modes/nat',
  'director',
  'eth1',
  `ip.src==${client} && ip.dst==203.0.113.21 && tcp.dstport==8080`,
  'some',
);
test(
  sees,
  'modes/nat',
  'director',
  'eth0',
  `ip.src==198.51.100.80 && tcp.srcport==80 && ip.dst==${client}`,
  'some',
);
test(sees, 'modes/nat', 'client', 'eth0', 'ip.addr==203.0.113.0/24', 'none');
test(
  sees,
  'modes/dr',
  'director',
  'eth0',
  `ip.src==${client} && ip.dst==198.51.100.80 && eth.src==eth.src`,
  'some',
);
test(sees, 'modes/dr', 'director', 'eth0', `ip.src==198.51.100.80 && ip.dst==${client}`, 'none');
test(
  sees,
  'modes/dr',
  'rs1',
  'eth0',
  `ip.src==198.51.100.80 && ip.dst==${client} && tcp.srcport==80`,
  'some',
);
test(
  sees,
  'modes/dr',
  'rs1',
  'eth0',
  'arp.opcode==2 && arp.src.proto_ipv4==198.51.100.80 && !(eth.src==eth.dst)',
  'none',
);
test(
  sees,
  'modes/tun',
  'rs1',
  'eth0',
  'ip.proto==4 && ip.src==198.51.100.2 && ip.dst==198.51.100.80',
  'none',
);

test('every claim of the modes is proven after the run', async t => {
  const {stdout} = await lvslab(['claims', '--format', 'json']);
  const rows: {id: string; proven: boolean; labs: string[]}[] = JSON.parse(stdout);
  t.deepEqual(
    rows.filter(row => !row.proven),
    [],
  );
  t.is(rows.length, 25);
  t.true(rows.every(row => row.labs.length > 0));
});
