import {lab} from '../../src/lab/define.ts';
import tun from './tun.ts';

const {errors: _, ...expect} = tun.spec.expect;
const proves = ['M-pmtu-disc'];

export default lab({
  ...tun.spec,
  title: 'TUN with pmtu_disc=0: what does not fit the tunnel goes in fragments',
  claims: proves,
  sysctls: {director: {'net.ipv4.vs.pmtu_disc': 0}},
  expect: {
    ...expect,
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {
        link: 'director > router',
        ip: ['DIP > RIP', 'CIP > VIP'],
        encapsulation: 'ipip',
        mtu: 1500,
        proves,
      },
      {link: 'router > rs', ttl: 0, proves},
    ],
    answers: {proves},
  },
  counter: [
    {
      claim: 'M-pmtu-disc',
      when: 'net.ipv4.vs.pmtu_disc is 1',
      change: {sysctls: {director: {'net.ipv4.vs.pmtu_disc': 1}}},
      cause: 'path-mtu-told',
    },
  ],
});
