import {spawnSync} from 'node:child_process';
import test from 'ava';
import {readFileSync} from 'node:fs';
import {collect, showSysctls} from '../../src/nodes/collect.ts';
import {runSections, splitSections} from '../../src/nodes/sections.ts';
import type {NodeShell} from '../../src/nodes/types.ts';
import {BrokenLabError} from '../../src/problem.ts';

/** A node that is this machine. */
const local = (prefix = ''): NodeShell => ({
  node: 'rs1',
  async run(script) {
    const {status, stdout, stderr} = spawnSync('sh', ['-c', prefix + script]);
    return {exitCode: status ?? 1, stdout, stderr: stderr.toString()};
  },
  async close() {},
});

test('each command gives exactly its output, a failing one what it wrote', async t => {
  const texts = await runSections(local(), 'try', {
    one: 'echo 1',
    bare: `printf '2\\n\\n3'`,
    none: 'false',
    fails: 'echo half; nonexistent-command',
    last: 'echo end',
  });
  t.deepEqual(texts, {one: '1\n', bare: '2\n\n3', none: '', fails: 'half\n', last: 'end\n'});
});

test('output before the first section belongs to none', t => {
  t.deepEqual(splitSections('stray\nN a\nx\n', 'N'), {a: 'x\n'});
});

test('a batch that ended early breaks the lab, naming node and command', async t => {
  await t.throwsAsync(runSections(local(), 'try', {one: 'exit 0', two: 'echo 2'}), {
    instanceOf: BrokenLabError,
    message: /"rs1" did not finish "try"\n {2}got {4}no output of two/,
  });
});

test('a director is asked for its tables, a real server for its log, each for sysctls with their names', async t => {
  const director = await collect(local('ipvsadm() { echo "table $*"; }\n'), 'director', 'once');
  t.is(director['ipvsadm-Lnc'], 'table -Lnc\n');
  t.is(director['ipvsadm-stats'], 'table -Ln --stats --exact\n');
  t.is(director['ipvsadm-stats-state'], 'unknown\n');
  t.is(director['access-log'], undefined);
  t.regex(director['sysctl'] ?? '', /^net\.ipv4\.ip_forward = [01]$/m);
  t.regex(director['sysctl'] ?? '', /^net\.ipv4\.conf\.lo\.rp_filter = \d$/m);
  const client = await collect(local(), 'client', 'settled');
  t.is(client['ipvsadm-Ln'], undefined);
  t.deepEqual(Object.keys(await collect(local(), 'realServer', 'settled')).toSorted(), [
    'access-log',
    'ip-addr',
    'ip-neigh',
    'ip-route',
    'nstat',
    'sysctl',
  ]);
});

test('a sysctl of several digits and words is read whole, and one that is not there left out', async t => {
  const names = ['net/ipv4/ip_local_port_range', 'net/ipv4/no_such_thing'];
  const {stdout} = await local().run(showSysctls(names), {label: 'sysctls'});
  const value = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  t.is(stdout.toString(), `net.ipv4.ip_local_port_range = ${value}`);
});
