import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {renderServices} from '../../src/ipvs/render.ts';
import {parseRules} from '../../src/ipvs/rules.ts';
import type {VirtualService} from '../../src/ipvs/types.ts';

/** As ipvsadm 1.31 on 6.1 saves it. */
const saved = `-A -t 198.51.100.80:80 -s rr
-a -t 198.51.100.80:80 -r 198.51.100.21:80 -g -w 1
-a -t 198.51.100.80:80 -r 198.51.100.22:80 -i -w 3 --tun-type ipip
-A -u 198.51.100.80:53 -s sh -p 300 -M 255.255.255.0 -b sh-fallback,sh-port
-a -u 198.51.100.80:53 -r 198.51.100.21:5353 -m -w 1
-A -u 198.51.100.80:54 -s mh -o -b mh-fallback,mh-port
-A --sctp-service 198.51.100.80:80 -s rr
-A -t [2001:db8:2::80]:80 -s wlc -p 600 -M 64
-a -t [2001:db8:2::80]:80 -r [2001:db8:2::21]:80 -g -w 1
-A -f 7 -s wrr
-a -f 7 -r 198.51.100.21:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum
-a -f 7 -r 198.51.100.22:0 -i -w 0 --tun-type gre --tun-csum
-a -f 7 -r 198.51.100.23:0 -i -w 0 --tun-type gue --tun-port 6080 --tun-nocsum
-A -f 8 -6 -s lc -b flag-1,flag-2
-a -f 8 -6 -r [2001:db8:2::22]:0 -m -w 65535
`;

test('what ipvsadm saved is rendered again word for word', t => {
  const lines = renderServices(parseRules(saved));
  // Order of options within a line is ipvsadm's own for everything that it saves.
  t.deepEqual(lines.join('\n'), saved.trim());
});

test('thresholds, which ipvsadm does not save, are rendered and read', t => {
  const services: readonly VirtualService[] = [
    {
      key: {kind: 'address', protocol: 'tcp', address: '198.51.100.80', port: 80},
      scheduler: 'wlc',
      flags: [],
      persistence: undefined,
      onePacket: false,
      realServers: [
        {
          address: '198.51.100.21',
          port: 80,
          forward: 'masq',
          tunnel: undefined,
          weight: 2,
          upperThreshold: 100,
          lowerThreshold: 50,
        },
      ],
    },
  ];
  const text = renderServices(services).join('\n');
  t.true(text.endsWith('-m -w 2 -x 100 -y 50'));
  t.deepEqual(parseRules(text), services);
});

test('commands as people write them are read: long options, a leading ipvsadm, comments', t => {
  const [service] = parseRules(`# the web service
ipvsadm --add-service --tcp-service 198.51.100.80:80 --scheduler wrr --persistent 60
ipvsadm --add-server --tcp-service 198.51.100.80:80 --real-server 198.51.100.21 --masquerading --weight 5
`);
  t.is(service?.scheduler, 'wrr');
  t.is(service?.persistence?.timeout, 60);
  t.like(service?.realServers[0], {address: '198.51.100.21', port: 0, forward: 'masq', weight: 5});
});

const rejects = test.macro({
  exec(t, text: string, first: string) {
    const error = t.throws(() => parseRules(text, 'rules'), {instanceOf: InputError});
    t.is(error?.message.split('\n')[0], first);
  },
  title: (_, text) => `rules are refused at their place: ${JSON.stringify(text)}`,
});
const service = '-A -t 1.2.3.4:80 -s rr\n';
test(rejects, '-A -t 1.2.3.4 :80', 'rules:1:15: an option that lvslab does not know');
test(rejects, '-A -s rr', 'rules:1:1: a rule without a service (-t, -u or -f)');
test(rejects, `${service}${service}`, 'rules:2:1: the service is there already');
test(
  rejects,
  '-a -t 1.2.3.4:80 -r 1.1.1.1:80 -g',
  'rules:1:1: a real server before its service (-A)',
);
test(rejects, `${service}-a -t 1.2.3.4:80 -g`, 'rules:2:1: a real server without address (-r)');
test(
  rejects,
  `${service}-a -t 1.2.3.4:80 -r 1.1.1.1 -i --tun-type vxlan`,
  'rules:2:43: not a tunnel type',
);
test(rejects, '-A -t 1.2.3.4:80 -s', 'rules:1:20: missing a scheduler');
test(rejects, '-D -t 1.2.3.4:80', 'rules:1:1: not a command of a saved table');

const hostile = test.macro({
  exec(t, change: Partial<VirtualService>) {
    const good: VirtualService = {
      key: {kind: 'fwmark', mark: 1, family: 'v4'},
      scheduler: 'rr',
      flags: [],
      onePacket: false,
      realServers: [],
    };
    t.notThrows(() => renderServices([good]));
    t.throws(() => renderServices([{...good, ...change}]), {instanceOf: InputError});
  },
  title: (title = '') => `a service with ${title} is not rendered`,
});
test('a scheduler that is a command', hostile, {scheduler: 'rr; reboot'});
test('a flag with a line end', hostile, {flags: ['sh-port\n-C']});
test('an address that is a command', hostile, {
  key: {kind: 'address', protocol: 'tcp', address: '$(reboot)', port: 80},
});
test('a netmask that is a command', hostile, {persistence: {timeout: 1, netmask: '`id`'}});
test('a port that is no number', hostile, {
  key: {kind: 'address', protocol: 'tcp', address: '1.2.3.4', port: Number.NaN},
});
