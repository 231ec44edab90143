import test from 'ava';
import {answeringNode, answerPath, httpConfig, httpServerScript} from '../../src/nodes/http.ts';
import type {Node} from '../../src/topology/types.ts';

const server = (address: {v4?: string; v6?: string}): Node => ({
  name: 'rs1',
  role: 'realServer',
  interfaces: [{name: 'eth0', network: 'lan', mac: '02:4c:56:00:00:00', address, names: []}],
  routes: [],
  sysctls: {},
  services: [],
});

test('the path of an answer asks for the filler after its head', t => {
  t.is(answerPath(4096), '/fill/004032');
  t.is(answerPath(64), '/fill/000000');
  t.is(answerPath(10), '/fill/000000');
});

test('the node that answers is read from the first line, and nothing from other bodies', t => {
  t.is(answeringNode('rs1                 \n192.0.2.10   \nxxx'), 'rs1');
  t.is(answeringNode(''), '');
  t.is(answeringNode('<html>\n'), '');
  t.is(answeringNode('rs1'), '');
});

test('the head of an answer is 64 bytes: name, line end, padded peer, line end', t => {
  const config = httpConfig(server({v4: '192.0.2.1'}), [80]);
  t.true(config.includes(`return 200 "rs1${' '.repeat(17)}\\n$padded\\n"`));
  t.true(config.includes('(?<cut>.{42})'));
});

test('the server listens on each port, in IPv6 only where the node has such an address', t => {
  const listen = (node: Node) =>
    [...httpConfig(node, [80, 8080]).matchAll(/listen (.*);/g)].map(match => match[1]);
  t.deepEqual(listen(server({v4: '192.0.2.1'})), ['80', '8080']);
  t.deepEqual(listen(server({v6: '2001:db8::1'})), [
    '80',
    '[::]:80 ipv6only=on',
    '8080',
    '[::]:8080 ipv6only=on',
  ]);
});

test('without ports the server is only stopped', t => {
  t.false(httpServerScript(server({v4: '192.0.2.1'}), []).includes('nginx'));
  t.true(httpServerScript(server({v4: '192.0.2.1'}), [80]).includes('nginx'));
});
