import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'SCTP through NAT: a port is translated, and the CRC32c is good at every hop',
  claims: ['P-sctp', 'A-stats', 'A-entries'],
  topology: 'two-arm-nat',
  service: {protocol: 'sctp', vip: 'VIP', port: 3868, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 3869},
    {node: 'rs2', forward: 'masq', port: 3869},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4, messages: 2}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 3868'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 3869', proves: ['P-sctp']},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '3869 > CPORT'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '3868 > CPORT', proves: ['P-sctp']},
      {link: 'router > client'},
    ],
    never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'DIP'], proves: ['P-sctp']}],
    entries: {proves: ['A-entries']},
    counters: {proves: ['A-stats']},
    answers: {proves: ['P-sctp']},
    schedule: {proves: ['P-sctp']},
  },
  counter: [
    {
      claim: 'P-sctp',
      when: "the real servers' default gateway is the router",
      change: {setup: {gateway: 'router'}},
      cause: 'reply-bypasses-director',
    },
  ],
});
