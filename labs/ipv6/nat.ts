import {http, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'NAT over IPv6: destination on the way in, source on the way back, both at the director',
  claims: ['V6-NAT1', 'V6-NAT2', 'V6-NAT3', 'A-stats', 'A-entries'],
  topology: 'two-arm-nat',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 8080', proves: ['V6-NAT1']},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '8080 > CPORT', proves: ['V6-NAT2']},
      {link: 'director > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: ['V6-NAT1']},
      {link: 'router > client', proves: ['V6-NAT3']},
    ],
    never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'DIP'], proves: ['V6-NAT3']}],
    entries: {proves: ['V6-NAT1', 'A-entries']},
    counters: {proves: ['A-stats']},
    facts: [
      {kind: 'gateway', node: 'rs1', via: 'director', proves: ['V6-NAT2']},
      {kind: 'gateway', node: 'rs2', via: 'director', proves: ['V6-NAT2']},
      {kind: 'bytes', node: 'director', direction: 'request', passes: true, proves: ['V6-NAT1']},
      {kind: 'bytes', node: 'director', direction: 'reply', passes: true, proves: ['V6-NAT1']},
    ],
  },
  counter: [
    {
      claim: 'V6-NAT2',
      when: "the real servers' default gateway is the router",
      change: {setup: {gateway: 'router'}},
      cause: 'reply-bypasses-director',
    },
  ],
});
