import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'TUN: a request that does not fit the tunnel is refused, and the client sends less',
  claims: ['M-TUN'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'ipip'}},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4, upload: 6000, timeout: 15}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {
        link: 'director > router',
        ip: ['DIP > RIP', 'CIP > VIP'],
        encapsulation: 'ipip',
        proves: ['M-TUN'],
      },
      {link: 'router > rs', ttl: 0},
    ],
    reply: [{link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT'}, {link: 'router > client'}],
    errors: [
      {
        of: 'request',
        type: 3,
        code: 4,
        mtu: 1480,
        quotedTtl: -1,
        path: [
          {
            link: 'director > router',
            ip: 'VIP > CIP',
            quotes: {ip: 'CIP > VIP', ports: 'CPORT > 80'},
          },
          {link: 'router > client'},
        ],
        // The client sends some segments before the first error comes back.
        count: [1, 10],
        proves: ['M-TUN'],
      },
    ],
    answers: {proves: ['M-TUN']},
  },
  counter: [
    {
      claim: 'M-TUN',
      when: 'net.ipv4.vs.pmtu_disc is 0',
      change: {sysctls: {director: {'net.ipv4.vs.pmtu_disc': 0}}},
      cause: 'path-mtu-ignored',
    },
  ],
});
