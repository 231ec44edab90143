import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {nodeScript} from '../../src/nodes/script.ts';
import {setSysctl, sysctlFunction} from '../../src/nodes/sysctl.ts';
import {InputError} from '../../src/problem.ts';
import type {Node, Topology} from '../../src/topology/types.ts';
import {newFolder} from '../support/folder.ts';

const director: Node = {
  name: 'director',
  role: 'director',
  interfaces: [
    {
      name: 'eth0',
      network: 'outer',
      mac: '02:4c:56:00:00:00',
      address: {v4: '198.51.100.2', v6: '2001:db8:2::2'},
      names: [],
    },
    {
      name: 'eth1',
      network: 'inner',
      mac: '02:4c:56:00:00:01',
      address: {v4: '203.0.113.2'},
      names: [],
    },
  ],
  routes: [
    {to: 'default', via: '198.51.100.1', family: 'v4'},
    {to: '2001:db8:1::/64', via: '2001:db8:2::1', family: 'v6'},
  ],
  sysctls: {'net.ipv4.conf.all.send_redirects': '0', 'net.ipv4.ip_forward': '1'},
  services: [],
};
const topologyOf = (node: Node): Topology => ({
  name: 'two',
  description: '',
  networks: [
    {name: 'outer', prefix: {v4: '198.51.100.0/24', v6: '2001:db8:2::/64'}, mtu: 1500},
    {name: 'inner', prefix: {v4: '203.0.113.0/25'}, mtu: 1400},
  ],
  nodes: [node],
  addresses: [],
});
const scriptOf = (change: Partial<Node> = {}): string => {
  const node = {...director, ...change};
  return nodeScript(topologyOf(node), node);
};

test('a node gets addresses, MTUs and routes of both families in one batch', t => {
  const script = scriptOf();
  const batch = script.slice(script.indexOf('ip -batch'), script.indexOf('\nLVSLAB\n'));
  t.deepEqual(batch.split('\n').slice(1), [
    'addr flush dev eth0 scope global',
    'link set dev eth0 mtu 1500 up',
    'addr add 198.51.100.2/24 brd + dev eth0',
    'addr add 2001:db8:2::2/64 dev eth0 nodad',
    'addr flush dev eth1 scope global',
    'link set dev eth1 mtu 1400 up',
    'addr add 203.0.113.2/25 brd + dev eth1',
    'route replace default via 198.51.100.1',
    'route replace 2001:db8:1::/64 via 2001:db8:2::1',
  ]);
});

test('the script is a POSIX shell script', t => {
  for (const script of [scriptOf(), scriptOf({services: [{kind: 'http', port: 80}]})]) {
    const {status, stderr} = spawnSync('sh', ['-n'], {input: script, encoding: 'utf8'});
    t.is(stderr, '');
    t.is(status, 0);
  }
});

test('forwarding is set before the sysctls that it resets, and after the defaults', t => {
  const script = scriptOf();
  const at = (text: string) => script.indexOf(text);
  t.true(at('sysctl net.ipv4.ip_forward 0') > -1);
  t.true(at(`sysctl net.ipv4.ip_forward '1'`) > at('sysctl net.ipv4.ip_forward 0'));
  t.true(at('send_redirects') > at(`sysctl net.ipv4.ip_forward '1'`));
});

test('IPv6 is off where an interface has no IPv6 address, and all of it where none has', t => {
  t.true(scriptOf().includes(`sysctl net.ipv6.conf.eth1.disable_ipv6 '1'`));
  t.true(scriptOf().includes(`sysctl net.ipv6.conf.eth0.disable_ipv6 '0'`));
  t.true(scriptOf().includes(`sysctl net.ipv6.conf.eth0.accept_ra '0'`));
  const silent = scriptOf({
    interfaces: director.interfaces.slice(1),
    routes: [],
  });
  t.true(silent.includes(`sysctl net.ipv6.conf.all.disable_ipv6 '1'`));
  t.false(silent.includes('accept_ra'));
});

test('offloads are switched off on every interface', t => {
  for (const name of ['eth0', 'eth1'])
    t.true(
      scriptOf().includes(`ethtool -K '${name}' rx off tx off sg off tso off gso off gro off`),
    );
});

test('interfaces in another order are renamed by their MACs', t => {
  const folder = newFolder();
  const commands = [
    `mkdir eth0 eth1; echo 02:4c:56:00:00:01 >eth0/address; echo 02:4c:56:00:00:00 >eth1/address`,
    // As ip(8) renames: `ip link set OLD name NEW`.
    'ip() { [ "$4" != name ] || mv "$3" "$5"; }',
    scriptOf()
      .split('\n')
      .filter((_, index, lines) => {
        const first = lines.findIndex(line => line.startsWith('is() '));
        const last = lines.findLastIndex(line => line.startsWith('is '));
        return index >= first && index <= last;
      })
      .join('\n')
      .replaceAll('/sys/class/net/', './'),
  ];
  const {status, stderr} = spawnSync('sh', ['-ec', commands.join('\n')], {
    cwd: folder,
    encoding: 'utf8',
  });
  t.is(stderr, '');
  t.is(status, 0);
  t.is(readFileSync(join(folder, 'eth0/address'), 'utf8'), '02:4c:56:00:00:00\n');
  t.is(readFileSync(join(folder, 'eth1/address'), 'utf8'), '02:4c:56:00:00:01\n');
});

test('sysctls are written without a process of their own', t => {
  const folder = newFolder();
  mkdirSync(join(folder, 'net/ipv4'), {recursive: true});
  const script = `${sysctlFunction.replace('/proc/sys', '.')}\n${setSysctl('net.ipv4.tcp_rmem', `1 2 $(id)'`)}`;
  t.is(spawnSync('sh', ['-ec', script], {cwd: folder}).status, 0);
  t.is(readFileSync(join(folder, 'net/ipv4/tcp_rmem'), 'utf8'), `1 2 $(id)'`);
});

const hostile = test.macro({
  exec(t, change: Partial<Node>) {
    t.throws(() => scriptOf(change), {instanceOf: InputError});
  },
  title: (title = '') => `a topology made by hand gets no command into a node: ${title}`,
});
const [first] = director.interfaces;
test('a sysctl name', hostile, {sysctls: {'net.ipv4.x; reboot': '1'}});
test('a sysctl outside of net', hostile, {sysctls: {'kernel.core_pattern': '|/bin/sh'}});
test('a sysctl that climbs out', hostile, {sysctls: {'net.../../kernel.hostname': 'x'}});
test('a route', hostile, {routes: [{to: 'default', via: '1.1.1.1\nlink del eth0', family: 'v4'}]});
test('an address', hostile, {
  interfaces: first === undefined ? [] : [{...first, address: {v4: '1.1.1.1 dev lo'}}],
});
test('a node name', hostile, {name: 'a"; }', services: [{kind: 'http', port: 80}]});

test('a sysctl value stays a value', t => {
  const script = scriptOf({sysctls: {'net.ipv4.ping_group_range': `0 0'; reboot; '`}});
  t.true(script.includes(`sysctl net.ipv4.ping_group_range '0 0'\\''; reboot; '\\'''`));
});
