import {join} from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {rm} from 'node:fs/promises';
import {lvslab, runLabs} from './support/cli.ts';
import {copyRun, operate, type Surgery} from './support/surgery.ts';
import {countFrames} from './support/tshark.ts';

const modes = ['modes/nat', 'modes/dr', 'modes/tun', 'modes/fullnat'] as const;
type Mode = (typeof modes)[number];
const claimRows = z.array(
  z.object({id: z.string(), text: z.string(), labs: z.array(z.string()), proven: z.boolean()}),
);
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
  const broken = report.labs.flatMap(({counters}) => counters.map(({claim}) => claim));
  t.deepEqual([...new Set(broken)].toSorted(), [
    'A-stats',
    'DR3',
    'DR4',
    'DR6',
    'FN1',
    'NAT3',
    'TUN5',
  ]);
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
  title: (_, mode: Mode, node: string, device: string, filter: string, expected: string) =>
    `tshark finds ${expected} of "${filter}" at ${node} ${device} in ${mode}`,
});

const cip = '192.0.2.10';
const vip = '198.51.100.80';
// Pinned: 02:4c:56:<network>:<node>:<interface>, counted as the topology lists them.
const mac = {
  directorOnLan: '02:4c:56:02:03:00',
  rs1OnLan: '02:4c:56:02:04:00',
  rs2OnLan: '02:4c:56:02:05:00',
};
const toRs = `eth.dst==${mac.rs1OnLan} || eth.dst==${mac.rs2OnLan}`;

test(
  sees,
  'modes/nat',
  'director',
  'eth1',
  `ip.src==${cip} && ip.dst==203.0.113.21 && tcp.dstport==8080`,
  'some',
);
test(
  sees,
  'modes/nat',
  'director',
  'eth1',
  `ip.src==${cip} && ip.dst==203.0.113.22 && tcp.dstport==8080`,
  'some',
);
test(
  sees,
  'modes/nat',
  'director',
  'eth1',
  `ip.src==203.0.113.21 && tcp.srcport==8080 && ip.dst==${cip}`,
  'some',
);
test(
  sees,
  'modes/nat',
  'director',
  'eth0',
  `ip.src==${vip} && tcp.srcport==80 && ip.dst==${cip}`,
  'some',
);
test(
  sees,
  'modes/nat',
  'client',
  'eth0',
  'ip.addr==203.0.113.0/24 || arp.src.proto_ipv4==203.0.113.0/24',
  'none',
);
test(
  sees,
  'modes/dr',
  'director',
  'eth0',
  `ip.src==${cip} && ip.dst==${vip} && (${toRs}) && eth.src==${mac.directorOnLan}`,
  'some',
);
test(
  sees,
  'modes/dr',
  'director',
  'eth0',
  `ip.src==${cip} && (ip.dst==198.51.100.21 || ip.dst==198.51.100.22)`,
  'none',
);
test(sees, 'modes/dr', 'director', 'eth0', `ip.src==${vip} && tcp`, 'none');
test(
  sees,
  'modes/dr',
  'rs1',
  'eth0',
  `ip.src==${vip} && ip.dst==${cip} && tcp.srcport==80 && eth.src==${mac.rs1OnLan}`,
  'some',
);
test(
  sees,
  'modes/dr',
  'router',
  'eth1',
  `arp.opcode==2 && arp.src.proto_ipv4==${vip} && eth.src==${mac.directorOnLan}`,
  'some',
);
test(
  sees,
  'modes/dr',
  'router',
  'eth1',
  `arp.opcode==2 && arp.src.proto_ipv4==${vip} && eth.src!=${mac.directorOnLan}`,
  'none',
);
test(
  sees,
  'modes/tun',
  'rs1',
  'eth0',
  `ip.proto==4 && ip.src==198.51.100.2 && ip.dst==203.0.113.21 && ip.src==${cip} && ip.dst==${vip}`,
  'some',
);
test(sees, 'modes/tun', 'rs1', 'tunl0', `ip.src==${cip} && ip.dst==${vip} && ip.proto==6`, 'some');
test(sees, 'modes/tun', 'rs1', 'eth0', `ip.src==${vip} && ip.dst==${cip} && ip.proto==6`, 'some');
test(sees, 'modes/tun', 'director', 'eth0', `ip.src==${vip} && tcp.srcport==80`, 'none');
test(
  sees,
  'modes/fullnat',
  'rs1',
  'eth0',
  `ip.src==198.51.100.2 && ip.dst==203.0.113.21 && tcp.dstport==80`,
  'some',
);
test(sees, 'modes/fullnat', 'rs1', 'eth0', `ip.addr==${cip}`, 'none');
test(
  sees,
  'modes/fullnat',
  'director',
  'eth0',
  `ip.src==203.0.113.21 && ip.dst==198.51.100.2 && tcp.srcport==80`,
  'some',
);
test(
  sees,
  'modes/fullnat',
  'client',
  'eth0',
  `ip.src==${vip} && tcp.srcport==80 && ip.dst==${cip}`,
  'some',
);

test('every claim of the modes is proven after the run', async t => {
  const {stdout} = await lvslab(['claims', '--format', 'json']);
  const rows = claimRows
    .parse(JSON.parse(stdout))
    .filter(row => row.labs.some(name => name.startsWith('modes/')));
  t.deepEqual(
    rows.filter(row => !row.proven),
    [],
  );
  t.is(rows.length, 27);
});

/** A run folder of a passing lab with one pcap changed, and what `lvslab verify` must then say. */
const spoilt = test.macro({
  async exec(
    t,
    mode: Mode,
    place: readonly [node: string, device: string],
    surgery: Surgery,
    expected: {readonly verdict: 'FAIL' | 'INCONCLUSIVE'; readonly says: RegExp},
  ) {
    const run = runs.get(mode);
    if (run === undefined) throw new Error(`no run of ${mode}`);
    const before = await lvslab(['verify', run]);
    t.is(before.exitCode, 0, before.stdout + before.stderr);
    const copy = await copyRun(run);
    t.teardown(() => rm(copy, {recursive: true}));
    operate(copy, place, surgery);
    const {stdout, exitCode} = await lvslab(['verify', copy]);
    t.is(exitCode, expected.verdict === 'FAIL' ? 1 : 3, stdout);
    t.true(stdout.includes(expected.verdict), stdout);
    t.regex(stdout, expected.says);
  },
  title: title => title ?? 'surgery',
});

test(
  'a destination MAC flipped in one capture is found',
  spoilt,
  'modes/dr',
  ['rs1', 'eth0'],
  {kind: 'patch', pick: {port: 80, flags: 'S'}, change: {destinationMac: '02:4c:56:02:05:00'}},
  {verdict: 'FAIL', says: /eth\.dst/},
);

test(
  'a reply frame added at the director is found',
  spoilt,
  'modes/dr',
  ['director', 'eth0'],
  {kind: 'add', from: ['rs1', 'eth0'], pick: {port: 80, flags: 'S.'}},
  {verdict: 'FAIL', says: /reply/},
);

test(
  'swapped ports are found',
  spoilt,
  'modes/nat',
  ['director', 'eth1'],
  {kind: 'patch', pick: {port: 8080, flags: 'S'}, change: 'swap-ports'},
  {verdict: 'FAIL', says: /tcp\.(src|dst)port/},
);

for (const mode of modes)
  test(
    `a frame missing from one interface only makes ${mode} inconclusive`,
    spoilt,
    mode,
    ['client', 'eth0'],
    {kind: 'remove', pick: {port: 80, flags: 'S'}},
    {verdict: 'INCONCLUSIVE', says: /client eth0/},
  );
