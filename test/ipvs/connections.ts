import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {parseConnections} from '../../src/ipvs/connections.ts';

/** As ipvsadm 1.31 on 6.1 prints it; the third line is a persistence template. */
const text = `IPVS connection entries
pro expire state       source             virtual            destination
TCP 01:58  TIME_WAIT   192.0.2.10:45564   198.51.100.80:80   203.0.113.22:8080
TCP 00:58  SYN_RECV    [2001:db8:1::10]:44690 [2001:db8:2::80]:80 198.51.100.21:80
UDP 04:56  NONE        127.0.0.0:0        198.51.100.80:53   198.51.100.21:5353
IP  119:59 NONE        192.0.2.0:0        0.0.0.7:0          198.51.100.21:0
`;

test('connection entries of IPv4, IPv6, templates and marks are read', t => {
  const [nat, mixed, template, mark] = parseConnections(text);
  t.deepEqual(nat, {
    protocol: 'TCP',
    expires: 118,
    state: 'TIME_WAIT',
    client: {address: '192.0.2.10', port: 45564},
    virtual: {address: '198.51.100.80', port: 80},
    destination: {address: '203.0.113.22', port: 8080},
  });
  t.deepEqual(mixed?.client, {address: '2001:db8:1::10', port: 44690});
  t.deepEqual(mixed?.destination, {address: '198.51.100.21', port: 80});
  t.is(template?.client.port, 0);
  t.is(mark?.protocol, 'IP');
  t.is(mark?.expires, 7199);
});

test('a table without entries gives none', t => {
  t.deepEqual(parseConnections(text.split('\n').slice(0, 2).join('\n')), []);
});

const rejects = test.macro({
  exec(t, line: string, first: string) {
    const error = t.throws(() => parseConnections(`IPVS connection entries\n${line}`, 'Lnc'), {
      instanceOf: InputError,
    });
    t.is(error?.message.split('\n')[0], first);
  },
  title: (_, line) => `a connection entry is refused at its place: ${String(line)}`,
});
test(
  rejects,
  'TCP soon ESTABLISHED 1.1.1.1:1 2.2.2.2:2 3.3.3.3:3',
  'Lnc:2:5: not a time left, MM:SS',
);
test(
  rejects,
  'TCP 01:00 ESTABLISHED 1.1.1.1:1 2.2.2.2:2',
  "Lnc:2:42: missing the real server's address and port",
);
test(
  rejects,
  'TCP 01:00 ESTABLISHED client:1 2.2.2.2:2 3.3.3.3:3',
  "Lnc:2:23: not the client's address and port",
);
