import {spawnSync} from 'node:child_process';
import test from 'ava';
import {answeringNode} from '../../src/nodes/http.ts';
import {ftpServerScript} from '../../src/nodes/ftp.ts';

const script = ftpServerScript({node: 'rs1', port: 21, family: 'v4', sizes: [64, 4096]});

test('the script is one that sh takes', t => {
  const {status, stderr} = spawnSync('sh', ['-n'], {input: script});
  t.is(status, 0, stderr.toString());
});

test('files are as long as their names say, and begin with the name of the node', t => {
  const lines = script.split('\n').filter(line => line.startsWith('{ printf'));
  t.is(lines.length, 2);
  for (const line of lines) {
    const [command = '', file = ''] = line.split('>');
    const {stdout} = spawnSync('sh', ['-c', command], {encoding: 'utf8'});
    t.is(stdout.length, Number(file.split('/').at(-1)));
    t.is(answeringNode(stdout), 'rs1');
  }
});

test('data connections come from the port below, and it is waited for in the table of its family', t => {
  t.true(script.includes('listen_port=21\n'));
  t.true(script.includes('ftp_data_port=20\n'));
  t.true(script.includes('*:0015/0A'));
  t.true(script.includes('</proc/net/tcp\n'));
  const v6 = ftpServerScript({node: 'rs1', port: 2121, family: 'v6', sizes: [64]});
  t.true(v6.includes('listen_ipv6=YES\n'));
  t.true(v6.includes('*:0849/0A'));
  t.true(v6.includes('</proc/net/tcp6\n'));
});
