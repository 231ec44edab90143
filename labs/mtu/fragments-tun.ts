import {lab} from '../../src/lab/define.ts';
import fragments from './fragments-nat.ts';
import tun from './tun.ts';

const proves = ['M-fragments-tun'];

export default lab({
  ...fragments.spec,
  title: 'UDP in fragments through a tunnel: put together, wrapped as one and cut anew',
  claims: proves,
  topology: 'remote-real-servers',
  realServers: tun.spec.realServers,
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 5300', mtu: 1500},
      {link: 'router > director'},
      {
        link: 'director > router',
        ip: ['DIP > RIP', 'CIP > VIP'],
        encapsulation: 'ipip',
        proves,
      },
      {link: 'router > rs', ttl: 0, proves},
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '5300 > CPORT', mtu: 1500},
      {link: 'router > client'},
    ],
    answers: {proves},
    schedule: {proves},
  },
  counter: [
    {
      claim: 'M-fragments-tun',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
