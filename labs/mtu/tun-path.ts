import {lab} from '../../src/lab/define.ts';
import tun from './tun.ts';

const proves = ['M-TUN-path'];

export default lab({
  ...tun.spec,
  title: 'TUN: the director hands on what a router on the way of the tunnel says of its MTU',
  claims: proves,
  topology: 'narrow-remote',
  expect: {
    ...tun.spec.expect,
    request: tun.spec.expect.request.map(({proves: _, ...hop}) => hop),
    errors: [
      {
        of: 'request',
        type: 3,
        code: 4,
        mtu: 1400,
        path: [
          {
            link: 'router > director',
            ip: 'RTR > DIP',
            quotes: {ip: ['DIP > RIP', 'CIP > VIP'], ports: 'CPORT > 80'},
          },
        ],
        count: [2, 20],
        proves,
      },
      {
        of: 'request',
        type: 3,
        code: 4,
        mtu: 1380,
        quotedTtl: -1,
        path: [
          {
            link: 'director > router',
            ip: 'VIP > CIP',
            quotes: {ip: 'CIP > VIP', ports: 'CPORT > 80'},
          },
          {link: 'router > client'},
        ],
        count: [1, 20],
        proves,
      },
    ],
    answers: {proves},
  },
  counter: [],
});
