import {connections, lab} from '../../src/lab/define.ts';

const proves = ['M-unreachable'];

export default lab({
  title:
    'NAT: a real server where nothing listens refuses by an ICMP error, rewritten outside and inside',
  claims: proves,
  topology: 'two-arm-nat',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 5353, serves: false},
    {node: 'rs2', forward: 'masq', port: 5353, serves: false},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 5300'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 5353'},
    ],
    reply: [],
    errors: [
      {
        of: 'request',
        type: 3,
        code: 3,
        path: [
          {
            link: 'rs > director',
            ip: 'RIP > CIP',
            quotes: {ip: 'CIP > RIP', ports: 'CPORT > 5353'},
          },
          {
            link: 'director > router',
            ip: 'VIP > CIP',
            quotes: {ip: 'CIP > VIP', ports: 'CPORT > 5300'},
          },
          {link: 'router > client'},
        ],
        count: [4, 4],
        proves,
      },
    ],
    never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'DIP'], proves}],
    answers: {proves, refused: true},
  },
  counter: [
    {
      claim: 'M-unreachable',
      when: "the real servers' default gateway is the router",
      change: {setup: {gateway: 'router'}},
      cause: 'reply-bypasses-director',
    },
  ],
});
