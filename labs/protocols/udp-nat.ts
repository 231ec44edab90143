import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title:
    'UDP through NAT: the datagrams of one 5-tuple stay with one real server, by its connection entry',
  claims: ['P-udp'],
  topology: 'two-arm-nat',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 5353},
    {node: 'rs2', forward: 'masq', port: 5353},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4, messages: 3}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 5300'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 5353', proves: ['P-udp']},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '5353 > CPORT'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '5300 > CPORT', proves: ['P-udp']},
      {link: 'router > client'},
    ],
    never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'DIP'], proves: ['P-udp']}],
    entries: {proves: ['P-udp']},
    answers: {proves: ['P-udp']},
    schedule: {proves: ['P-udp']},
  },
  counter: [
    {
      claim: 'P-udp',
      when: "the real servers' default gateway is the router",
      change: {setup: {gateway: 'router'}},
      cause: 'reply-bypasses-director',
    },
  ],
});
