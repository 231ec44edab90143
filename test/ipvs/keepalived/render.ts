import test from 'ava';
import {renderKeepalived} from '../../../src/ipvs/keepalived/render.ts';
import type {RealServer, VirtualService} from '../../../src/ipvs/types.ts';
import {InputError} from '../../../src/problem.ts';

const server: RealServer = {address: '192.0.2.21', port: 80, forward: 'droute', weight: 3};
const service: VirtualService = {
  key: {kind: 'address', protocol: 'tcp', address: '192.0.2.80', port: 80},
  scheduler: 'rr',
  flags: [],
  onePacket: false,
  realServers: [server],
};

test('a service is written with its real servers, without checks', t => {
  t.is(
    renderKeepalived(service),
    `virtual_server 192.0.2.80 80 {
  protocol TCP
  lvs_sched rr
  real_server 192.0.2.21 80 {
    lvs_method DR
    weight 3
  }
}
`,
  );
});

test('checks come with each real server', t => {
  const text = renderKeepalived(service, {interval: 2, timeout: 5});
  t.regex(text, /^ {2}delay_loop 2$/m);
  t.regex(text, /weight 3\n {4}TCP_CHECK \{\n {6}connect_timeout 5\n {6}retry 1\n/);
});

const line = test.macro<[change: Partial<VirtualService>, line: string]>({
  exec(t, change, wanted) {
    const lines = renderKeepalived({...service, ...change})
      .split('\n')
      .map(one => one.trim());
    t.true(lines.includes(wanted), lines.join('\n'));
  },
  title: (_, __, wanted) => `keepalived is told ${wanted}`,
});
const serverWith = (change: Partial<RealServer>) => ({realServers: [{...server, ...change}]});
test(line, {flags: ['sh-port']}, 'sh-port');
test(line, {onePacket: true}, 'ops');
test(line, {persistence: {timeout: 90, netmask: '255.255.255.240'}}, 'persistence_timeout 90');
test(
  line,
  {persistence: {timeout: 90, netmask: '255.255.255.240'}},
  'persistence_granularity 255.255.255.240',
);
test(line, serverWith({forward: 'masq'}), 'lvs_method NAT');
test(line, serverWith({forward: 'tunnel'}), 'lvs_method TUN type ipip');
test(
  line,
  serverWith({forward: 'tunnel', tunnel: {type: 'gre', checksum: true}}),
  'lvs_method TUN type gre csum',
);
test(
  line,
  serverWith({forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'none'}}),
  'lvs_method TUN type gue port 6080 nocsum',
);
test(line, serverWith({upperThreshold: 9}), 'uthreshold 9');
test(line, serverWith({lowerThreshold: 4}), 'lthreshold 4');

const refused = test.macro((t, change: Partial<VirtualService>) => {
  t.throws(() => renderKeepalived({...service, ...change}), {instanceOf: InputError});
});
test('an address that is none is refused', refused, serverWith({address: '1.2.3.4 }'}));
test('a scheduler that is none is refused', refused, {scheduler: 'rr\n}'});
test('a flag without a word in keepalived is refused', refused, {flags: ['flag-1']});
test('a firewall mark is refused', refused, {key: {kind: 'fwmark', mark: 1, family: 'v4'}});
