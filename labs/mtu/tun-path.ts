import {lab} from '../../src/lab/define.ts';
import tun from './tun.ts';

const proves = ['M-TUN-path'];
const toClient = [
  {
    link: 'director > router',
    ip: 'VIP > CIP',
    quotes: {ip: 'CIP > VIP', ports: 'CPORT > 80'},
  },
  {link: 'router > client'},
];

export default lab({
  ...tun.spec,
  title: 'TUN: the director hands on what a router on the way of the tunnel says of its MTU',
  claims: proves,
  topology: 'narrow-remote',
  expect: {
    ...tun.spec.expect,
    request: tun.spec.expect.request.map(one =>
      one.proves === undefined ? one : {...one, proves},
    ),
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
        count: [1, 20],
        proves,
      },
      {
        of: 'request',
        type: 3,
        code: 4,
        mtu: 1480,
        // What the director says at once is the MTU of the route that it has kept, less the tunnel's header.
        over: 1380,
        quotedTtl: -1,
        // What the router quotes, without the tunnel's header.
        quotedBytes: 528,
        path: toClient,
        count: [1, 20],
        proves,
      },
      {
        of: 'request',
        type: 3,
        code: 4,
        // What it says when the same comes again.
        mtu: 1380,
        quotedTtl: -1,
        path: toClient,
        count: [1, 20],
        proves,
      },
    ],
    answers: {proves},
  },
  counter: [
    {
      claim: 'M-TUN-path',
      when: 'net.ipv4.vs.pmtu_disc is 0',
      change: {sysctls: {director: {'net.ipv4.vs.pmtu_disc': 0}}},
      cause: 'path-mtu-ignored',
    },
  ],
});
