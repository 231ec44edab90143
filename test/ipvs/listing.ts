import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {parseListing} from '../../src/ipvs/listing.ts';

/** As ipvsadm 1.31 on 6.1 prints it. */
const listing = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  198.51.100.80:80 rr
  -> 198.51.100.21:80             Route   1      0          2         
  -> 198.51.100.22:80             Tunnel  3      4          0         
UDP  198.51.100.80:53 sh (sh-fallback,sh-port) persistent 300 mask 255.255.255.0
  -> 198.51.100.21:5353           Masq    1      0          0         
UDP  198.51.100.80:54 mh (mh-fallback,mh-port) ops
  -> 198.51.100.80:54             Local   1      0          0         
SCTP 198.51.100.80:80 rr
TCP  [2001:db8:2::80]:80 wlc persistent 600 mask 64
  -> [2001:db8:2::21]:80          Route   1      0          0         
FWM  7 wrr
  -> 198.51.100.21:0              Tunnel  0      0          0         
FWM  8 IPv6 lc (flag-1,flag-2)
  -> [2001:db8:2::22]:0           Masq    65535  0          0         
`;

test('a listing gives services and real servers of every kind', t => {
  const services = parseListing(listing);
  t.deepEqual(
    services.map(({key, scheduler, realServers}) => [key, scheduler, realServers.length]),
    [
      [{kind: 'address', protocol: 'tcp', address: '198.51.100.80', port: 80}, 'rr', 2],
      [{kind: 'address', protocol: 'udp', address: '198.51.100.80', port: 53}, 'sh', 1],
      [{kind: 'address', protocol: 'udp', address: '198.51.100.80', port: 54}, 'mh', 1],
      [{kind: 'address', protocol: 'sctp', address: '198.51.100.80', port: 80}, 'rr', 0],
      [{kind: 'address', protocol: 'tcp', address: '2001:db8:2::80', port: 80}, 'wlc', 1],
      [{kind: 'fwmark', mark: 7, family: 'v4'}, 'wrr', 1],
      [{kind: 'fwmark', mark: 8, family: 'v6'}, 'lc', 1],
    ],
  );
  t.deepEqual(services[0]?.realServers[1], {
    address: '198.51.100.22',
    port: 80,
    forward: 'tunnel',
    listedForward: 'Tunnel',
    weight: 3,
    active: 4,
    inactive: 0,
  });
});

test('a listing gives flags, persistence with its mask, and one-packet scheduling', t => {
  const [, sh, mh, , v6] = parseListing(listing);
  t.deepEqual(sh?.flags, ['sh-fallback', 'sh-port']);
  t.deepEqual(sh?.persistence, {timeout: 300, netmask: '255.255.255.0'});
  t.false(sh?.onePacket);
  t.true(mh?.onePacket);
  t.is(mh?.persistence, undefined);
  t.deepEqual(v6?.persistence, {timeout: 600, netmask: '64'});
});

test('a listing without services gives none', t => {
  t.deepEqual(parseListing(listing.split('\n').slice(0, 3).join('\n')), []);
  t.deepEqual(parseListing(''), []);
});

const rejects = test.macro({
  exec(t, text: string, first: string) {
    const error = t.throws(() => parseListing(text, 'list'), {instanceOf: InputError});
    t.is(error?.message.split('\n')[0], first);
  },
  title: (_, text) => `a listing is refused at its place: ${JSON.stringify(text)}`,
});
test(rejects, 'TCP  web.example:80 rr\n', 'list:1:6: not an address and port');
test(rejects, 'TCP  198.51.100.80:80\n', 'list:1:22: missing a scheduler');
test(rejects, 'ICMP 198.51.100.80:80 rr\n', 'list:1:1: not a protocol');
test(
  rejects,
  'TCP  1.2.3.4:80 rr\n  -> 1.2.3.5:80 Nat 1 0 0\n',
  'list:2:17: not a forwarding method',
);
test(rejects, 'TCP  1.2.3.4:80 rr\n  -> 1.2.3.5:80 Masq x 0 0\n', 'list:2:22: not a weight');
test(rejects, 'TCP  1.2.3.4:80 rr\n  -> 1.2.3.5:80 Masq 1 0 0 9\n', 'list:2:28: not understood');
test(rejects, '  -> 1.2.3.5:80 Masq 1 0 0\n', 'list:1:6: not a service before its real servers');
test(rejects, 'TCP  1.2.3.4:80 rr sometimes\n', 'list:1:20: not a flag of a service');
test(rejects, 'TCP  1.2.3.4:65536 rr\n', 'list:1:6: not an address and port');
test(rejects, 'TCP  2001:db8::1:80 rr\n', 'list:1:6: not an address and port');
